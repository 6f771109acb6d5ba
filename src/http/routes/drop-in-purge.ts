import type { Context } from "hono";
import type { Budget } from "../../domain/batch.ts";
import type { Purge } from "../../domain/purge.ts";
import { toIsoTime } from "../../domain/time.ts";
import type { LineVerdict } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { Services } from "../../services.ts";
import { submitPurges } from "../../use-cases/submit-purges.ts";
import { imagekitError, imagekitSentences, notAgain } from "../answers/imagekit-error.ts";
import { problem } from "../answers/problem.ts";
import { type Env, invocationOf } from "../context.ts";
import { requireKey } from "../middleware/require-key.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readDropInRequest } from "../requests/drop-in-request.ts";
import { createRouter } from "../router.ts";

const route = { method: "post", path: "/v1/files/purge", scope: "purge" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "dropInPurge",
  tag: "ImageKit's API",
  summary: "Purge one URL, as ImageKit's own API does",
  text: "For ImageKit's SDKs and code that was written for its API: same path, body, statuses and sentences, with a token of Purge Desk as the user of Basic auth and any password. Answers once the purge is recorded, and waits up to 5 s for ImageKit, so that an immediate refusal is answered as one. A wildcard also needs the scope `wildcard`. A line that is probably a mistake, such as an unfilled template, is refused.",
  body: {
    schema: "ImageKitPurge",
    examples: { url: { summary: "One URL", value: { url: "https://ik.imagekit.io/demo/shoe.jpg*" } } },
  },
  headers: [
    {
      name: "X-Stainless-Retry-Count",
      text: "ImageKit's SDKs send it. From 1 on, the request gets the purge that the same token was last given for this URL here, if that is at most 200 s ago, at no cost.",
    },
  ],
  answers: [
    {
      status: 201,
      schema: "ImageKitAccepted",
      text: "Recorded: Purge Desk sends it to ImageKit, once for each unit.",
    },
  ],
  problems: ["invalid-urls", "budget-exhausted"],
};

export function dropInPurgeRoute(services: Services) {
  return createRouter().post(route.path, requireKey(services, route.scope), async (c) => {
    const request = await readDropInRequest(c);
    if (request instanceof Response) return request;
    const own = c.get("services");
    const { url, isResend } = request;
    const dropIn = { id: own.makeDropInId(), isResend };
    const submission = { urls: [url], onInvalid: "reject", onExhausted: "reject", dropIn } as const;
    const reply = await submitPurges(own, c.get("caller"), submission, invocationOf(c));
    switch (reply.outcome) {
      case "accepted":
        return accepted(c, reply.batch.purges[0]);
      case "invalid":
        return refusedLine(c, reply.lines[0]);
      case "forbidden": {
        const detail = `The token of ${c.get("caller").name} lacks the scope ${reply.scope}, which a wildcard needs.`;
        return problem(c, "forbidden", detail);
      }
      case "exhausted":
        return exhausted(c, reply.budget);
      default:
        throw new Error(`one URL without a key led to ${reply.outcome}`);
    }
  });
}

function accepted(c: Context<Env>, purge: Purge | undefined): Response {
  if (purge?.dropInId === undefined) throw new Error("a purge was accepted without an id for its caller");
  c.get("services").log("drop-in", { purgeId: purge.id, dropInId: purge.dropInId });
  if (purge.state !== "refused") return c.json({ requestId: purge.dropInId }, 201);
  const help = maskSignature(purge.error?.message ?? "ImageKit refused it.");
  return imagekitError(c, 400, { message: imagekitSentences.notPurgeable, help });
}

/** What ImageKit's API cannot say: which rule failed, and what would pass. */
function refusedLine(c: Context<Env>, line: LineVerdict | undefined): Response {
  if (line?.verdict !== "rejected") throw new Error("a line was refused without a violation");
  const words = line.violations.map(({ code, message, why = "", suggestion }) =>
    [`${code}: ${message}`, why, suggestion === undefined ? "" : `This would pass: ${suggestion}`]
      .filter((part) => part !== "")
      .join(" "),
  );
  const help = maskSignature(words.join(" "));
  const isRepeating = line.violations.some(({ code }) => code === "repeating");
  return isRepeating ? imagekitError(c, 429, { message: help }, notAgain) : problem(c, "invalid-urls", help);
}

function exhausted(c: Context<Env>, { available, quota, resetsAt }: Budget): Response {
  const left = `${Math.max(0, available)} of ${quota} are left until ${toIsoTime(resetsAt)}`;
  return problem(c, "budget-exhausted", `A purge costs one unit; ${left}.`, {}, notAgain);
}
