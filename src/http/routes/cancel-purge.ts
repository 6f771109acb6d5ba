import type { Services } from "../../services.ts";
import type { Description, Route } from "../openapi/description.ts";
import { purgeActionRoute } from "./purge-action-route.ts";

const route = {
  method: "post",
  path: "/api/purges/:id/cancel",
  scope: "purge",
} as const satisfies Route;

export const description: Description = {
  route,
  operationId: "cancelPurge",
  tag: "Purges",
  summary: "Cancel a purge that has not been sent",
  text: "Detaches your own batches from the purge (with the scope `admin`: every batch). When no batch waits for the purge any more, it is cancelled and its unit released. Possible while the purge is queued or held. Takes no body.",
  answers: [{ status: 200, schema: "Purge", text: "The purge as it is now." }],
  problems: ["not-found", "state-conflict"],
};

export function cancelPurgeRoute(services: Services) {
  return purgeActionRoute(services, route, "queued or held", (ledger, id, { name, scopes }) =>
    ledger.cancel(id, { actor: name, scope: scopes.includes("admin") ? "every-batch" : "own-batches" }),
  );
}
