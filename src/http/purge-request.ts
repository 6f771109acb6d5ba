import type { Context } from "hono";
import type * as z from "zod/mini";
import { maximumLines } from "../rules/limits.ts";
import type { Clock, EpochMs } from "../time.ts";
import { type Body, readBody } from "./body.ts";
import type { Env } from "./platform.ts";
import { invalidRequest, problem } from "./problem.ts";
import { purgeRequest } from "./schemas.ts";
import { validate } from "./validate.ts";

/** How far a caller's clock may run ahead of ours before `changedAt` counts as the future. */
const clockSkewMs = 60_000;

export type PurgeRequest = Omit<z.output<typeof purgeRequest>, "changedAt"> & {
  readonly changedAt: EpochMs | undefined;
  readonly body: Body;
};

/**
 * The body of a plan or a submission, or the answer that refuses it. In a text body every line that is not blank
 * is a URL; lines are counted without the blank ones, so that both kinds of body number the same URLs alike.
 */
export async function readPurgeRequest(c: Context<Env>, clock: Clock): Promise<PurgeRequest | Response> {
  const body = await readBody(c, ["json", "text"]);
  if (body instanceof Response) return body;
  const input = body.kind === "json" ? body.value : { urls: linesOf(body.text) };

  const count = countUrls(input);
  if (count > maximumLines) {
    const detail = `A batch may have up to ${maximumLines} URLs; these are ${count}. Split them into several batches.`;
    return problem(c, "too-many-urls", detail, { limit: maximumLines, count });
  }
  const validated = validate(purgeRequest, input, "body");
  if ("faults" in validated) return invalidRequest(c, validated.faults);

  const { changedAt: changedAtText, ...request } = validated.value;
  const changedAt = changedAtText === undefined ? undefined : Date.parse(changedAtText);
  if (changedAt !== undefined && changedAt > clock.now() + clockSkewMs) {
    const message = "is in the future; purge once the content has changed";
    return invalidRequest(c, [{ in: "body", at: "/changedAt", message }]);
  }
  return { ...request, changedAt, body };
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
}

/** Before the schema looks at every URL of a list that is too long anyway. */
function countUrls(input: unknown): number {
  if (typeof input !== "object" || input === null || !("urls" in input)) return 0;
  return Array.isArray(input.urls) ? input.urls.length : 0;
}
