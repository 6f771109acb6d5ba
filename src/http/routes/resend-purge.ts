import type { Services } from "../../services.ts";
import type { Description, Route } from "../openapi/description.ts";
import { purgeActionRoute } from "./purge-action-route.ts";

const route = {
  method: "post",
  path: "/api/purges/:id/resend",
  scope: "admin",
} as const satisfies Route;

export const description: Description = {
  route,
  operationId: "resendPurge",
  tag: "Purges",
  summary: "Resend a purge whose outcome is unknown",
  text: "Costs a second unit, which is charged first. Possible while the purge is unknown. Takes no body.",
  answers: [{ status: 200, schema: "Purge", text: "The purge as it is now." }],
  problems: ["not-found", "state-conflict", "budget-exhausted"],
};

export function resendPurgeRoute(services: Services) {
  return purgeActionRoute(services, route, "unknown", (ledger, id, { name }) => ledger.resend(id, name));
}
