import * as z from "zod/mini";
import { withoutTrailing } from "../domain/trailing.ts";

/**
 * ImageKit's purge API on the wire: every path, field, header and documented sentence that this client knows.
 * (The SDK's history contains an unreleased v2 with other paths and `request_id`.)
 */

export const purgePath = "/v1/files/purge";

export function statusPath(imagekitRequestId: string): string {
  return `${purgePath}/${encodeURIComponent(imagekitRequestId)}`;
}

export function purgeBody(url: string): string {
  return JSON.stringify({ url });
}

/** In milliseconds, not seconds: the time until the rate limit resets. */
export const rateLimitResetHeader = "x-ratelimit-reset";

/** ImageKit's ids are 24 hex digits; anything that fits into one path segment is accepted. */
const RequestId = z.string().check(z.regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,128}$/));

export const PurgeAnswer = z.object({ requestId: RequestId });
export const StatusAnswer = z.object({ status: z.string() });
export const ErrorAnswer = z.object({ message: z.string() });

/** The only 400 answers that mean ImageKit will never accept this URL. */
export const refusals = [
  "The URL is not valid for cache purging.",
  "Your request is missing URL parameter.",
] as const;

/** ImageKit answers an unknown id with 400, not 404. */
export const unknownIdWords = "No request found for this requestId.";

/** In characters. The documented sentences are far shorter; a longer message says something else. */
const longestSentence = 200;

/** Whether a sentence is the documented one, apart from case, spacing and the full stop. */
export function isSameSentence(sentence: string, documented: string): boolean {
  return sentence.length <= longestSentence && bareWords(sentence) === bareWords(documented);
}

function bareWords(sentence: string): string {
  return withoutTrailing(sentence.toLowerCase().replace(/\s+/g, " ").trim(), " .");
}
