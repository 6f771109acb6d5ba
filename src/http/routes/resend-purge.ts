import { idPattern } from "../../domain/ids.ts";
import type { Services } from "../../services.ts";
import { noSuchPurge, operatorAnswer } from "../answers/operator-answer.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Endpoint } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

const endpoint = {
  method: "post",
  path: "/api/purges/:id/resend",
  scope: "admin",
} as const satisfies Endpoint;

export const description: Description = {
  endpoint,
  operationId: "resendPurge",
  tag: "Purges",
  summary: "Send a purge of unknown outcome again",
  text: "Costs a second unit, which is charged first. Possible while the purge is unknown. Takes no body.",
  answers: [{ status: 200, schema: "Purge", text: "The purge as it is now." }],
  problems: ["not-found", "state-conflict", "budget-exhausted"],
};

export function resendPurgeRoute(services: Services) {
  return createRouter().post(endpoint.path, requireScope(services, endpoint.scope), async (c) => {
    const id = c.req.param("id");
    if (!idPattern("p").test(id)) return noSuchPurge(c);
    const reply = await c.get("services").ledger.resend(id, c.get("caller").name);
    return operatorAnswer(c, reply, "unknown");
  });
}
