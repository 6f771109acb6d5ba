import { isRefusedAsMistake } from "../../domain/verdict.ts";
import type { Services } from "../../services.ts";
import { submitPurges } from "../../use-cases/submit-purges.ts";
import { problem } from "../answers/problem.ts";
import { quotaSupport } from "../answers/support-text.ts";
import { batchView, budgetView, lineView } from "../answers/views.ts";
import { runOf } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Endpoint } from "../openapi/description.ts";
import { readIdempotency } from "../requests/idempotency.ts";
import { readPurgeRequest } from "../requests/purge-request.ts";
import { createRouter } from "../router.ts";

const endpoint = { method: "post", path: "/api/purges", scope: "purge" } as const satisfies Endpoint;

export const purgeRequestExamples = {
  url: {
    summary: "One image",
    value: { urls: ["https://ik.imagekit.io/demo/shoe.jpg"], reason: "new autumn photo" },
  },
  wildcard: {
    summary: "All versions of an image, and one transformation of it",
    value: {
      urls: ["https://ik.imagekit.io/demo/shoe.jpg*", "https://ik.imagekit.io/demo/tr:w-400/shoe.jpg"],
      changedAt: "2026-11-23T18:00:00Z",
      onInvalid: "skip",
      onExhausted: "hold",
    },
  },
} as const;

export const description: Description = {
  endpoint,
  operationId: "submitPurges",
  tag: "Purges",
  summary: "Submit a batch of purges",
  text: "Checks every line, reserves the units and sends what it can within 5 s; the rest follows automatically. A wildcard line also needs the scope `wildcard`. A line that is probably a mistake, such as an unfilled template, is refused unless `onMistake` is `send`. In `text/plain`, every line that is not blank is a URL; blank lines are not counted.",
  body: { schema: "PurgeRequest", examples: purgeRequestExamples },
  headers: [
    {
      name: "Idempotency-Key",
      text: "1 to 255 printable ASCII characters. If the same actor sends the same key and body again, the answer is the same batch, for 7 days, or for PURGE_RETENTION_DAYS where that is shorter.",
      example: "shoe.jpg@2026-11-23T18:00:00Z",
    },
  ],
  answers: [
    {
      status: 202,
      schema: "Batch",
      text: "Accepted and recorded; sending has begun or will follow.",
      headers: { Location: "The address of the batch." },
    },
    {
      status: 200,
      schema: "Batch",
      text: "Already submitted with this Idempotency-Key: that batch in its current state.",
      headers: { Location: "The address of the batch." },
    },
  ],
  problems: ["too-many-urls", "invalid-urls", "idempotency-key-reused", "budget-exhausted"],
};

const mistakeAdvice =
  ' Where the only violation is probably-a-mistake, "onMistake": "send" sends the line all the same.';

export function submitPurgesRoute(services: Services) {
  return createRouter().post(endpoint.path, requireScope(services, endpoint.scope), async (c) => {
    const request = await readPurgeRequest(c, services.clock);
    if (request instanceof Response) return request;
    const idempotency = await readIdempotency(c, request.body);
    if (idempotency instanceof Response) return idempotency;

    const { body: _, ...submission } = request;
    const reply = await submitPurges(
      c.get("services"),
      c.get("caller"),
      { ...submission, idempotency },
      runOf(c),
    );
    switch (reply.outcome) {
      case "accepted":
      case "replayed": {
        const location = c.req.path.replace(/purges$/, `batches/${reply.batch.id}`);
        return c.json(batchView(reply.batch), reply.outcome === "accepted" ? 202 : 200, {
          Location: location,
        });
      }
      case "invalid": {
        const bad = reply.lines.filter((line) => line.verdict === "rejected");
        const how = bad.some(isRefusedAsMistake) ? mistakeAdvice : "";
        const detail = `Line ${bad.map(({ line }) => line).join(", ")} cannot be purged; nothing was submitted or charged.${how}`;
        return problem(c, "invalid-urls", detail, { lines: reply.lines.map(lineView) });
      }
      case "forbidden": {
        const detail = `Line ${reply.lines.join(", ")} needs the scope ${reply.scope}, which the token lacks.`;
        return problem(c, "forbidden", detail, { scope: reply.scope, lines: reply.lines });
      }
      case "exhausted": {
        const { units, budget } = reply;
        const detail = `This needs ${units} of the month's units; ${Math.max(0, budget.available)} are left.`;
        const support = quotaSupport(budget, units);
        return problem(c, "budget-exhausted", detail, { units, budget: budgetView(budget), support });
      }
      case "key-reused":
        return problem(c, "idempotency-key-reused", "Use a new Idempotency-Key for a new body.");
    }
  });
}
