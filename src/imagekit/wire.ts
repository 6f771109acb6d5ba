import * as z from "zod/mini";
import { withoutTrailing } from "../domain/trailing.ts";

/**
 * ImageKit's purge API as it is on the wire: every path, field, header and documented sentence this client
 * knows is in this file. (A v2 with other paths and `request_id` was seen in the SDK's history, unreleased.)
 */

export const purgePath = "/v1/files/purge";

export function statusPath(imagekitRequestId: string): string {
  return `${purgePath}/${encodeURIComponent(imagekitRequestId)}`;
}

export function purgeBody(url: string): string {
  return JSON.stringify({ url });
}

/** Milliseconds, not seconds, until the rate limit is over. */
export const rateLimitResetHeader = "x-ratelimit-reset";

/** ImageKit's ids are 24 hex digits; anything that fits into one path segment will do. */
const RequestId = z.string().check(z.regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,128}$/));

export const PurgeAnswer = z.object({ requestId: RequestId });
export const StatusAnswer = z.object({ status: z.string() });
export const ErrorAnswer = z.object({ message: z.string() });

/** The only 400s that say that ImageKit will never take this URL. */
export const refusals = [
  "The URL is not valid for cache purging.",
  "Your request is missing URL parameter.",
] as const;

/** A 400, not a 404. */
export const unknownIdWords = "No request found for this requestId.";

/** In characters. The documented sentences are far shorter; whoever says more than this says something else. */
const longestSentence = 200;

/** Whether ImageKit said it, whatever the case, the spacing and the full stop. */
export function isSaying(said: string, documented: string): boolean {
  return said.length <= longestSentence && bareWords(said) === bareWords(documented);
}

function bareWords(sentence: string): string {
  return withoutTrailing(sentence.toLowerCase().replace(/\s+/g, " ").trim(), " .");
}
