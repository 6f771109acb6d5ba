import type { Context } from "hono";
import type * as z from "zod/mini";
import type { Clock } from "../../domain/time.ts";
import { maximumLines } from "../../rules/limits.ts";
import { invalidRequest, problem, type RequestFault } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { type Body, readRequestBody } from "./body.ts";
import { readQuery } from "./query.ts";
import { planQuery, purgeRequest, purgeRequestQuery } from "./schemas.ts";
import { type RequestTimes, readTimes, type StatedTimes } from "./stated-time.ts";
import { validate } from "./validate.ts";

type Validated = z.output<typeof purgeRequest>;

export type PurgeRequest = Omit<Validated, keyof StatedTimes> & RequestTimes;

/** A request as it was sent: `kind` and the bytes make two submissions the same. */
export type SentRequest = PurgeRequest & {
  readonly body: Body;
  readonly kind: string;
  /** Of a plan only. */
  readonly repeats: "allowed" | undefined;
};

/** What a plan or a submission asks for, once checked; or why it is refused. */
export type CheckedRequest =
  | { readonly request: PurgeRequest }
  | { readonly tooMany: number }
  | { readonly faults: readonly RequestFault[] };

/**
 * The body of a plan or a submission, or the answer that refuses it. In a text body every line that is not blank is a URL,
 * or an image with `?as=images`; blank lines are not counted, so that both kinds of body number the same lines alike.
 */
export async function readPurgeRequest(
  c: Context<Env>,
  clock: Clock,
  { mostLines, isPlan = false }: { readonly mostLines: number; readonly isPlan?: boolean },
): Promise<SentRequest | Response> {
  const query: z.output<typeof planQuery> | Response = readQuery(c, isPlan ? planQuery : purgeRequestQuery);
  if (query instanceof Response) return query;
  const body = await readRequestBody(c, ["json", "text"]);
  if (body instanceof Response) return body;
  if (body.kind === "json" && query.as !== undefined) {
    const message = "is for a text/plain body; a JSON body has its lines in urls and images";
    return invalidRequest(c, [{ in: "query", at: "as", message }]);
  }
  const { as = "urls" } = query;
  const input = body.kind === "json" ? body.value : { [as]: linesOf(body.text) };
  const checked = checkPurgeRequest(input, clock, mostLines);
  if ("tooMany" in checked) return tooManyLines(c, input, { count: checked.tooMany, limit: mostLines });
  if ("faults" in checked) return invalidRequest(c, checked.faults);
  const kind = body.kind === "text" && as === "images" ? "text of images" : body.kind;
  return { ...checked.request, body, kind, repeats: query.repeats };
}

/** Checks a JSON body or a form against the schema, the limit on lines and the clock. */
export function checkPurgeRequest(input: unknown, clock: Clock, mostLines = maximumLines): CheckedRequest {
  const count = countLines(input, "urls") + countLines(input, "images");
  if (count > mostLines) return { tooMany: count };
  const validated = validate(purgeRequest, input, "body");
  if ("faults" in validated) return validated;
  if (count === 0) return { faults: [{ in: "body", at: "/urls", message: noLine }] };

  const { changedAt, sendAfter, settleSeconds, ...request } = validated.value;
  const read = readTimes({ changedAt, sendAfter, settleSeconds }, clock.now());
  return "faults" in read ? read : { request: { ...request, ...read.times } };
}

export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
}

const noLine = "must have at least one URL, unless images has an image";

/** Counted first, so that the schema does not check every line of a list that is too long anyway. */
function countLines(input: unknown, name: "urls" | "images"): number {
  if (typeof input !== "object" || input === null) return 0;
  const lines: unknown = Object.getOwnPropertyDescriptor(input, name)?.value;
  return Array.isArray(lines) ? lines.length : 0;
}

function tooManyLines(
  c: Context<Env>,
  input: unknown,
  { count, limit }: { readonly count: number; readonly limit: number },
): Response {
  const extras = { limit, count };
  if (countLines(input, "images") > 0) {
    const detail = `At most ${limit} lines may be sent at once, URLs and images together; these are ${count}. Split them into several requests.`;
    return problem(c, "too-many-targets", detail, extras);
  }
  const detail = `At most ${limit} URLs may be sent at once; these are ${count}. Split them into several requests.`;
  return problem(c, "too-many-urls", detail, extras);
}
