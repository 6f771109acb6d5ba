import { createRouter } from "../../http/router.ts";
import { type Desk, requirePerson } from "../desk.ts";
import { showPage } from "../page.tsx";

export function requestsRoute(desk: Desk) {
  return createRouter().get("/", requirePerson(desk, "read"), async (c) => {
    const { ledger } = c.get("services");
    const health = await ledger.health();
    const about = { title: "Requests", caller: c.get("caller"), health, section: "requests" } as const;
    return showPage(c, desk, about, <h1>Requests</h1>);
  });
}
