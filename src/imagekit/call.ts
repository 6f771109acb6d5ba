import { afterPendingIo } from "../domain/time.ts";
import { type Answer, orAborted, readAnswer } from "./answer.ts";

/** What one HTTP call led to. Without an answer, `error` is what `fetch` threw, or a `TimedOut`. */
export type CallResult = { readonly answer: Answer } | { readonly error: unknown };

/** No headers came in time. */
class TimedOut extends Error {
  override readonly name = "TimedOut";
}

/**
 * Sends the request once: no retries, no redirects. The time-out covers everything up to the last byte of the body;
 * if only the headers arrived in time, that is an answer whose body was cut.
 */
export async function callImageKit(
  fetch: typeof globalThis.fetch,
  url: string,
  request: { readonly method: string; readonly headers: HeadersInit; readonly body?: string },
  timeoutMs: number,
): Promise<CallResult> {
  const { method } = request;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new TimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const signal = afterPendingIo(timeout.signal);
  try {
    const response = await orAborted(
      fetch(url, { method, redirect: "manual", signal, ...contentOf(request) }),
      signal,
    );
    return { answer: await readAnswer(response, signal) };
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The body as a stream, which cannot be replayed: the fetch standard lets a runtime send a replayable body a second
 * time after a 421 (measured: Node 20 does). With its length, so that it is not chunked.
 */
function contentOf(request: { readonly headers: HeadersInit; readonly body?: string }): RequestInit {
  const headers = new Headers(request.headers);
  if (request.body === undefined) return { headers };
  const bytes = new TextEncoder().encode(request.body);
  headers.set("content-length", String(bytes.byteLength));
  const streamed = { headers, body: new Blob([bytes]).stream(), duplex: "half" } as const;
  return streamed;
}
