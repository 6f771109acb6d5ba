/** An HTTP answer as it arrived, not yet interpreted. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** The body as far as it was read, decoded as UTF-8. */
  readonly text: string;
  /** `cut`: the connection closed or timed out; `too-big`: reading stopped at 64 KiB. */
  readonly end: "whole" | "cut" | "too-big";
};

const maximumBodyBytes = 64 * 1024;

/** Reads an answer to its end, up to 64 KiB, or until the signal aborts. Never throws. */
export async function readAnswer(response: Response, signal: AbortSignal): Promise<Answer> {
  const { status, headers } = response;
  if (response.body === null) return { status, headers, text: "", end: "whole" };

  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let remainingBytes = maximumBodyBytes;
  try {
    for (;;) {
      const { done, value } = await orAborted(reader.read(), signal);
      if (done) return { status, headers, text: text + decoder.decode(), end: "whole" };
      text += decoder.decode(value.subarray(0, remainingBytes), { stream: true });
      remainingBytes -= value.byteLength;
      if (remainingBytes < 0) return { status, headers, text, end: "too-big" };
    }
  } catch {
    return { status, headers, text, end: "cut" };
  } finally {
    // Frees the connection, and does nothing after a whole body. Not awaited: it may wait for the server.
    reader.cancel().catch(() => undefined);
  }
}

/** Rejects as soon as the signal aborts: not every runtime then ends a pending read of a body. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The body as JSON; undefined if it is not JSON. A body that was cut may still be complete JSON. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}
