import { isRefusedAsMistake } from "../../domain/verdict.ts";
import { maximumLines } from "../../rules/limits.ts";
import type { Services } from "../../services.ts";
import { submitPurges } from "../../use-cases/submit-purges.ts";
import { invalidRequest, problem } from "../answers/problem.ts";
import { quotaSupport } from "../answers/support-text.ts";
import { batchView, budgetView, lineView } from "../answers/views.ts";
import { invocationOf } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readIdempotency } from "../requests/idempotency.ts";
import { readPurgeRequest } from "../requests/purge-request.ts";
import { sendAfterPassed } from "../requests/stated-time.ts";
import { createRouter } from "../router.ts";

const route = { method: "post", path: "/api/purges", scope: "purge" } as const satisfies Route;

export const purgeRequestExamples = {
  image: {
    summary: "Every URL of one image",
    value: { images: ["/products/shoe.jpg"], reason: "new autumn photo" },
  },
  url: {
    summary: "One URL",
    value: { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] },
  },
  wildcard: {
    summary: "All versions of a file, and one path transformation of it",
    value: {
      urls: ["https://ik.imagekit.io/demo/shoe.jpg*", "https://ik.imagekit.io/demo/tr:w-400/shoe.jpg"],
      changedAt: "2026-11-23T18:00:00.120Z",
      onInvalid: "skip",
      onExhausted: "hold",
    },
  },
  cover: {
    summary: "Images of a folder that may be cleared whole",
    value: {
      images: ["/products/autumn/shoe.jpg", "/products/autumn/boot.jpg"],
      cover: ["/products/autumn/"],
      settleSeconds: 60,
    },
  },
} as const;

export const asText = "What the lines of a `text/plain` body are: `urls` (default) or `images`.";

export const description: Description = {
  route,
  operationId: "submitPurges",
  tag: "Purges",
  summary: "Submit a batch of purges",
  text: "Checks every line, reserves the units and sends what it can within 5 s; the rest follows automatically. An image is cleared under every URL that its profile names; `POST /api/profiles/learn` says which profiles your pages need. A batch has at most 100 lines and makes at most 100 purges. A wildcard line and `cover` also need the scope `wildcard`; an image does not. A line that is probably a mistake, such as an unfilled template, is refused unless `onMistake` is `send`. In `text/plain`, every line that is not blank is a URL, or an image with `?as=images`; blank lines are not counted.",
  body: { schema: "PurgeRequest", examples: purgeRequestExamples },
  query: { as: asText },
  headers: [
    {
      name: "Idempotency-Key",
      text: "1 to 255 printable ASCII characters. If the same actor sends the same key and body again, the answer is the same batch, for 7 days, or for PURGE_RETENTION_DAYS where that is shorter. Send one: two are refused, or read as one key if a proxy joins them.",
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
  problems: [
    "too-many-urls",
    "too-many-targets",
    "invalid-urls",
    "idempotency-key-reused",
    "budget-exhausted",
  ],
};

const mistakeAdvice =
  ' Where the only violation is probably-a-mistake, "onMistake": "send" sends the line all the same.';

export function submitPurgesRoute(services: Services) {
  return createRouter().post(route.path, requireScope(services, route.scope), async (c) => {
    const request = await readPurgeRequest(c, services.clock, { mostLines: maximumLines });
    if (request instanceof Response) return request;
    const idempotency = await readIdempotency(c, request);
    if (idempotency instanceof Response) return idempotency;

    const submission = { ...request, idempotency };
    const reply = await submitPurges(c.get("services"), c.get("caller"), submission, invocationOf(c));
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
        const { scope, lines, cover } = reply;
        const what = [
          ...(lines.length > 0 ? [`Line ${lines.join(", ")}`] : []),
          ...(cover.length > 0 ? ["cover"] : []),
        ];
        const needs = what.length > 1 ? "need" : "needs";
        const detail = `${what.join(" and ")} ${needs} the scope ${scope}, which the token lacks.`;
        return problem(c, "forbidden", detail, { scope, lines });
      }
      case "too-many-targets": {
        const { count, limit } = reply;
        const detail = `These lines make ${count} purges; a batch may make at most ${limit}. Split the lines into several batches, or allow folders to be cleared whole with cover (POST /api/plan says which would save most). Nothing was submitted or charged.`;
        return problem(c, "too-many-targets", detail, { count, limit });
      }
      case "send-time-passed":
        return invalidRequest(c, [sendAfterPassed(reply.now)]);
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
