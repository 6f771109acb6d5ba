import type { Services } from "../../services.ts";
import type { Description, Endpoint } from "../openapi/description.ts";
import { operatorRoute } from "./operator-route.ts";

const endpoint = {
  method: "post",
  path: "/api/purges/:id/close",
  scope: "admin",
} as const satisfies Endpoint;

export const description: Description = {
  endpoint,
  operationId: "closePurge",
  tag: "Purges",
  summary: "Give a purge up",
  text: "Ends a purge of which nothing more is to be expected. Its units stay spent. Possible while the purge is unknown or overdue, and once after Purge Desk gave it up (abandoned): that says you have seen it and ends its part in the alarm. Takes no body.",
  answers: [{ status: 200, schema: "Purge", text: "The purge as it is now." }],
  problems: ["not-found", "state-conflict"],
};

export function closePurgeRoute(services: Services) {
  return operatorRoute(
    services,
    endpoint,
    "unknown or overdue, or once after Purge Desk gave it up",
    (ledger, id, { name }) => ledger.close(id, name),
  );
}
