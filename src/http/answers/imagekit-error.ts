/** Errors as ImageKit's API gives them: its statuses, its sentences, `{ message, help }`. */

import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { refusals, unknownIdWords } from "../../imagekit/wire.ts";
import type { Rate } from "../../ledger/policy.ts";
import type { Env, ShapelessProblem } from "../context.ts";

const [notPurgeable, missingUrl] = refusals;
const asDocumented = ['Send one URL as a text, in JSON: {"url": "https://…"}.'];

/** ImageKit's documented sentences, by what they say here. */
export const imagekitSentences = {
  notPurgeable,
  missingUrl,
  unknownId: unknownIdWords,
  noKey: "Your request does not contain private API key.",
  wrongKey: "Your account cannot be authenticated.",
} as const;

/** Shown to anyone who uses this base URL for more than purges. */
const purgesOnly =
  "This base URL serves cache purges only: POST /v1/files/purge and GET /v1/files/purge/{requestId}.";
const otherCalls =
  "Make other calls with a second client whose base URL is ImageKit's own, or use one client with throughPurgeDesk (purge-desk/client).";

/** Where ImageKit has a status and a sentence of its own for one of our problems. */
export const imagekitWords: Readonly<
  Record<
    string,
    { readonly status: ContentfulStatusCode; readonly message: string; readonly help?: readonly string[] }
  >
> = {
  "malformed-json": { status: 400, message: missingUrl, help: asDocumented },
  "invalid-body": { status: 400, message: missingUrl, help: asDocumented },
  "invalid-urls": { status: 400, message: notPurgeable },
  unauthorized: { status: 401, message: imagekitSentences.noKey },
  forbidden: { status: 403, message: imagekitSentences.wrongKey },
};

/**
 * The SDK sleeps as long as `Retry-After` says, hours if need be, and ignores ImageKit's own `X-RateLimit-Reset`. So a
 * longer pause than this is left to the caller, and the SDK is told not to resend.
 */
const longestPauseSeconds = 10;

/** An SDK must not resend such a request automatically. */
export const notAgain = { "x-should-retry": "false" } as const;

/** One of our problems as ImageKit would put it: its sentence as the message, ours as the help. */
export function imagekitProblem(
  c: Context<Env>,
  { code, status, title, detail, headers }: ShapelessProblem,
  callerRate: Rate | "off",
): Response {
  if (code === "not-found") return imagekitError(c, 404, { message: purgesOnly, help: otherCalls });
  if (code === "rate-limited") return tooManyRequests(c, { detail, headers }, callerRate);
  // Documented without a help.
  if (status === 429) return imagekitError(c, 429, { message: `${title}. ${detail}` }, headers);
  const words = imagekitWords[code];
  // After an outage the SDK's own pauses are right: it resends twice, within two seconds.
  const { "Retry-After": retryAfter = "0", ...rest } = headers;
  return imagekitError(
    c,
    words?.status ?? status,
    { message: words?.message ?? `${title}.`, help: [detail, ...(words?.help ?? [])].join(" ") },
    { ...rest, ...(isUnheard(c, code) || Number(retryAfter) > longestPauseSeconds ? notAgain : {}) },
  );
}

/**
 * Whether a purge was refused before the ledger heard of it. The ledger could not tell an SDK's resend of it from one of an
 * earlier purge of the same URL, and would answer with that one.
 */
function isUnheard(c: Context<Env>, code: string): boolean {
  if (c.req.method !== "POST") return false;
  // Before the caller is known, it is the load or the address that is refused.
  if (code === "rate-limited") return c.get("caller") === undefined;
  return code === "body-timeout" || code === "not-live" || code === "misconfigured";
}

export function imagekitError(
  c: Context<Env>,
  status: ContentfulStatusCode,
  body: { readonly message: string; readonly help?: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  return c.body(JSON.stringify(body), status, { ...headers, "Content-Type": "application/json" });
}

/** `X-RateLimit-Reset` and `X-RateLimit-Interval` are in milliseconds, as ImageKit's are. */
function tooManyRequests(
  c: Context<Env>,
  {
    detail,
    headers: { "Retry-After": retryAfter = "1", ...headers },
  }: Pick<ShapelessProblem, "detail" | "headers">,
  callerRate: Rate | "off",
): Response {
  const seconds = Number(retryAfter);
  return imagekitError(
    c,
    429,
    { message: `Too many requests. ${detail}` },
    {
      ...headers,
      "X-RateLimit-Reset": String(seconds * 1000),
      ...(callerRate !== "off" && {
        "X-RateLimit-Limit": String(callerRate.burst),
        "X-RateLimit-Interval": String(Math.round((callerRate.burst / callerRate.perSecond) * 1000)),
      }),
      ...(seconds <= longestPauseSeconds && !isUnheard(c, "rate-limited")
        ? { "Retry-After": retryAfter }
        : notAgain),
    },
  );
}
