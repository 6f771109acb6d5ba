import type { Services } from "../../services.ts";
import type { Description, Route } from "../openapi/description.ts";
import { purgeActionRoute } from "./purge-action-route.ts";

const route = {
  method: "post",
  path: "/api/purges/:id/close",
  scope: "admin",
} as const satisfies Route;

export const description: Description = {
  route,
  operationId: "closePurge",
  tag: "Purges",
  summary: "Give up on a purge, or acknowledge its alarm",
  text: "Ends a purge that will not complete. Its units stay spent. Possible while the purge is unknown or overdue, and once after Purge Desk abandoned it or found its old copy still served (`edge.outcome` is `stale`): this acknowledges the purge and clears its share of the alarm; its state stays. Takes no body.",
  answers: [{ status: 200, schema: "Purge", text: "The purge as it is now." }],
  problems: ["not-found", "state-conflict"],
};

export function closePurgeRoute(services: Services) {
  return purgeActionRoute(
    services,
    route,
    "unknown or overdue, or once after Purge Desk abandoned it or found its old copy still served",
    (ledger, id, { name }) => ledger.close(id, name),
  );
}
