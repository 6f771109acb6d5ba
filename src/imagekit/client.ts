import { withoutTrailing } from "../domain/trailing.ts";
import { type CallResult, callImageKit } from "./call.ts";
import { interpretPoll, interpretSend } from "./interpret-answer.ts";
import { toMessage } from "./message.ts";
import { describeFailure, isUndelivered } from "./network-failure.ts";
import type { PollOutcome, SendOutcome } from "./outcome.ts";
import { purgeBody, purgePath, statusPath } from "./wire.ts";

/** ImageKit's purge API, one call at a time. Neither method throws or retries. */
export type ImageKitClient = {
  /** Sends `url` unchanged. A purge that ImageKit accepts spends one unit of the account's quota. */
  readonly purge: (url: string) => Promise<SendOutcome>;
  readonly status: (imagekitRequestId: string) => Promise<PollOutcome>;
};

/**
 * Our own client, because the official SDK retries a purge up to twice after a time-out, a reset or a 5xx, which can spend
 * two more units. Throws a TypeError when `apiBaseUrl` is not a URL.
 */
export function imagekitClient({
  apiBaseUrl,
  privateKey,
  fetch,
  sendTimeoutMs = 15_000,
  pollTimeoutMs = 5_000,
}: {
  readonly apiBaseUrl: string;
  readonly privateKey: string;
  readonly fetch: typeof globalThis.fetch;
  readonly sendTimeoutMs?: number | undefined;
  readonly pollTimeoutMs?: number | undefined;
}): ImageKitClient {
  const base = withoutTrailing(new URL(apiBaseUrl).href, "/");
  const credentials = basicCredentials(privateKey);
  const headers = { accept: "application/json", authorization: `Basic ${credentials}` };
  const clean = (text: string) => toMessage(text, [privateKey]);
  const failure = (error: unknown) => clean(describeFailure(error));

  return {
    async purge(url) {
      const request = {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: purgeBody(url),
      };
      const result: CallResult = await callImageKit(fetch, base + purgePath, request, sendTimeoutMs);
      if ("answer" in result) return interpretSend(result.answer, clean);
      return {
        outcome: isUndelivered(result.error) ? "unreachable" : "unknown",
        message: failure(result.error),
      };
    },
    async status(imagekitRequestId) {
      const request = { method: "GET", headers };
      const result: CallResult = await callImageKit(
        fetch,
        base + statusPath(imagekitRequestId),
        request,
        pollTimeoutMs,
      );
      if ("answer" in result) return interpretPoll(result.answer, clean);
      return {
        outcome: isUndelivered(result.error) ? "unreachable" : "failed",
        message: failure(result.error),
      };
    },
  };
}

/** Basic credentials: the key is the user, the password empty. `btoa` alone handles only Latin-1. */
function basicCredentials(privateKey: string): string {
  const bytes = new TextEncoder().encode(`${privateKey}:`);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
