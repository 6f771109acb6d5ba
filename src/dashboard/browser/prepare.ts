import { rewriteTimes } from "./local-times.ts";
import { tableRoles } from "./table-roles.ts";

/** What is done to every page of the server, the one shown and those fetched later, before anyone sees it. */
export function prepare(page: Document): void {
  rewriteTimes(page);
  tableRoles(page);
}
