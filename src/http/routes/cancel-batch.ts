import { idPattern } from "../../domain/ids.ts";
import type { Services } from "../../services.ts";
import { cancelBatch } from "../../use-cases/cancel-batch.ts";
import { problem } from "../answers/problem.ts";
import { batchView } from "../answers/views.ts";
import { invocationOf } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";
import { noSuchBatch } from "./read-batch.ts";

const route = {
  method: "post",
  path: "/api/batches/:id/cancel",
  scope: "purge",
} as const satisfies Route;

export const description: Description = {
  route,
  operationId: "cancelBatch",
  tag: "Purges",
  summary: "Cancel what a batch has not sent yet",
  text: "Cancels every purge of your own batch (with the scope `admin`: of any batch) that is queued or held, and releases its unit. A purge that another batch waits for too goes on for that one. What has been sent already goes on: the lines show its state. Calling it again is safe. Takes no body.",
  answers: [{ status: 200, schema: "Batch", text: "The batch as it is now." }],
  problems: ["not-found"],
};

export function cancelBatchRoute(services: Services) {
  return createRouter().post(route.path, requireScope(services, route.scope), async (c) => {
    const id = c.req.param("id");
    if (!idPattern("b").test(id)) return noSuchBatch(c);
    const reply = await cancelBatch(c.get("services"), c.get("caller"), id, invocationOf(c));
    switch (reply.outcome) {
      case "done":
        return c.json(batchView(reply.batch), 200);
      case "not-found":
        return noSuchBatch(c);
      case "not-yours":
        return problem(c, "forbidden", "This batch is not yours; you need the scope admin.", {
          scope: "admin",
        });
    }
  });
}
