import { afterPendingIo } from "../domain/time.ts";
import { type Answer, orAborted, readAnswer } from "./answer.ts";

/** One HTTP call, to its end. `none`: no answer came, for this reason (what `fetch` threw, or a `TimedOut`). */
export type Reply =
  | { readonly reply: "answer"; readonly answer: Answer }
  | { readonly reply: "none"; readonly error: unknown };

/** No headers came in time. */
class TimedOut extends Error {
  override readonly name = "TimedOut";
}

/**
 * Calls once, never again, and follows no redirect. The time-out covers everything up to the last byte of the
 * body; headers that came before it count as an answer, with its body cut.
 */
export async function call(
  fetch: typeof globalThis.fetch,
  url: string,
  request: { readonly method: string; readonly headers: HeadersInit; readonly body?: string },
  timeoutMs: number,
): Promise<Reply> {
  const { method } = request;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new TimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const signal = afterPendingIo(timeout.signal);
  try {
    const response = await orAborted(
      fetch(url, { method, redirect: "manual", signal, ...contentOf(request) }),
      signal,
    );
    return { reply: "answer", answer: await readAnswer(response, signal) };
  } catch (error) {
    return { reply: "none", error };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The body as a stream that cannot be replayed: on a 421 a runtime may, as the fetch standard has it, send a
 * replayable one a second time by itself (measured: Node 20 does). With its length, so that it is not chunked.
 */
function contentOf(request: { readonly headers: HeadersInit; readonly body?: string }): RequestInit {
  const headers = new Headers(request.headers);
  if (request.body === undefined) return { headers };
  const bytes = new TextEncoder().encode(request.body);
  headers.set("content-length", String(bytes.byteLength));
  const streamed = { headers, body: new Blob([bytes]).stream(), duplex: "half" } as const;
  return streamed;
}
