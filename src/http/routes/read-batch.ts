import type { Context } from "hono";
import { idPattern } from "../../domain/ids.ts";
import type { Services } from "../../services.ts";
import { pollThenReadBatch } from "../../use-cases/read-purges.ts";
import { problem } from "../answers/problem.ts";
import { batchView } from "../answers/views.ts";
import type { Env } from "../context.ts";
import { maxWaits } from "../middleware/load-shedding.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { appliedWait, preferredWait } from "../requests/prefer.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/batches/:id", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "readBatch",
  tag: "Purges",
  summary: "Read a batch, now or when it is done",
  text: "Status checks that are due are made with ImageKit before the answer. Edge checks that are due are begun, and awaited only with `until=checked`.",
  headers: [
    {
      name: "Prefer",
      text: "`wait=20` delays the answer until the batch is done, for at most that many seconds (limit: 25); `wait=20; until=checked` until it is `checked`, so that `edge` is known too: that takes at least 5 s after Completed, and 5 min if nothing new is served. Ignored while too many requests are waiting.",
      example: "wait=20",
    },
  ],
  answers: [
    {
      status: 200,
      schema: "Batch",
      text: "The batch; `done` says whether all its purges have ended, `checked` whether their edge checks have too.",
      headers: {
        "Preference-Applied":
          "The wait that was granted, if you asked for one; with `until=checked` if that was asked for and understood.",
      },
    },
  ],
  problems: ["not-found"],
};

export function readBatchRoute(services: Services) {
  let waits = 0;
  return createRouter().get(route.path, requireScope(services, route.scope), async (c) => {
    const id = c.req.param("id");
    const preferred = preferredWait(c.req.header("Prefer"));
    const wait = waits < maxWaits ? preferred : undefined;
    const { seconds, until } = wait ?? { seconds: 0, until: "done" };
    if (wait !== undefined) waits += 1;
    try {
      const batch = idPattern("b").test(id)
        ? await pollThenReadBatch(c.get("services"), id, seconds * 1000, until)
        : undefined;
      if (batch === undefined) return noSuchBatch(c);
      if (wait !== undefined) c.header("Preference-Applied", appliedWait(wait));
      return c.json(batchView(batch), 200);
    } finally {
      if (wait !== undefined) waits -= 1;
    }
  });
}

export function noSuchBatch(c: Context<Env>): Response {
  return problem(c, "not-found", "There is no batch with this id.");
}
