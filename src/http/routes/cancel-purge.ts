import { idPattern } from "../../domain/ids.ts";
import type { Services } from "../../services.ts";
import { noSuchPurge, operatorAnswer } from "../answers/operator-answer.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Endpoint } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

const endpoint = {
  method: "post",
  path: "/api/purges/:id/cancel",
  scope: "purge",
} as const satisfies Endpoint;

export const description: Description = {
  endpoint,
  operationId: "cancelPurge",
  tag: "Purges",
  summary: "Cancel a purge that was not sent",
  text: "Detaches your own batches from the purge (with the scope admin: every batch). The purge itself is cancelled, and its unit released, when no batch is left on it. Possible while the purge is queued or held. Takes no body.",
  answers: [{ status: 200, schema: "Purge", text: "The purge as it is now." }],
  problems: ["not-found", "state-conflict"],
};

export function cancelPurgeRoute(services: Services) {
  return createRouter().post(endpoint.path, requireScope(services, endpoint.scope), async (c) => {
    const id = c.req.param("id");
    if (!idPattern("p").test(id)) return noSuchPurge(c);
    const { name, scopes } = c.get("caller");
    const scope = scopes.includes("admin") ? "every-batch" : "own-batches";
    return operatorAnswer(
      c,
      await c.get("services").ledger.cancel(id, { actor: name, scope }),
      "queued or held",
    );
  });
}
