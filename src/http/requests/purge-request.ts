import type { Context } from "hono";
import type * as z from "zod/mini";
import type { Clock, EpochMs } from "../../domain/time.ts";
import { timings } from "../../ledger/timings.ts";
import { maximumLines } from "../../rules/limits.ts";
import { invalidRequest, problem, type RequestFault } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { type Body, readRequestBody } from "./body.ts";
import { purgeRequest } from "./schemas.ts";
import { readChangedAt } from "./stated-time.ts";
import { validate } from "./validate.ts";

export type PurgeRequest = Omit<z.output<typeof purgeRequest>, "changedAt"> & {
  readonly changedAt: EpochMs | undefined;
  readonly body: Body;
};

/** What a plan or a submission asks for, once checked; or why it is refused. */
export type CheckedRequest =
  | { readonly request: Omit<PurgeRequest, "body"> }
  | { readonly tooMany: number }
  | { readonly faults: readonly RequestFault[] };

/**
 * The body of a plan or a submission, or the answer that refuses it. In a text body every line that is not blank is a
 * URL; blank lines are not counted, so that both kinds of body number the same URLs alike.
 */
export async function readPurgeRequest(c: Context<Env>, clock: Clock): Promise<PurgeRequest | Response> {
  const body = await readRequestBody(c, ["json", "text"]);
  if (body instanceof Response) return body;
  const checked = checkPurgeRequest(body.kind === "json" ? body.value : { urls: linesOf(body.text) }, clock);
  if ("tooMany" in checked) {
    const count = checked.tooMany;
    const detail = `A batch may have at most ${maximumLines} URLs; this one has ${count}. Split it into several batches.`;
    return problem(c, "too-many-urls", detail, { limit: maximumLines, count });
  }
  if ("faults" in checked) return invalidRequest(c, checked.faults);
  return { ...checked.request, body };
}

/** Checks a JSON body or a form against the schema, the limit on lines and the clock. */
export function checkPurgeRequest(input: unknown, clock: Clock): CheckedRequest {
  const count = countUrls(input);
  if (count > maximumLines) return { tooMany: count };
  const validated = validate(purgeRequest, input, "body");
  if ("faults" in validated) return validated;

  const { changedAt: changedAtText, ...request } = validated.value;
  const changedAt = changedAtText === undefined ? undefined : readChangedAt(changedAtText);
  if (changedAt !== undefined && changedAt > clock.now() + timings.clockLeadMs) {
    const message = "is in the future; purge once the content has changed";
    return { faults: [{ in: "body", at: "/changedAt", message }] };
  }
  return { request: { ...request, changedAt } };
}

export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
}

/** Counted first, so that the schema does not check every URL of a list that is too long anyway. */
function countUrls(input: unknown): number {
  if (typeof input !== "object" || input === null || !("urls" in input)) return 0;
  return Array.isArray(input.urls) ? input.urls.length : 0;
}
