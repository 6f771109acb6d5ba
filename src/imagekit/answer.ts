/** What came back over the network, before anybody asks what it means. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** As much of the body as was read, decoded as UTF-8. */
  readonly text: string;
  /** `cut`: the connection or the time-out ended it; `too-big`: we stopped at the bound. */
  readonly end: "whole" | "cut" | "too-big";
};

const bodyBoundBytes = 64 * 1024;

/** Reads an answer to its end, to 64 KiB or until the signal aborts, whichever is first. Never throws. */
export async function readAnswer(response: Response, signal: AbortSignal): Promise<Answer> {
  const { status, headers } = response;
  if (response.body === null) return { status, headers, text: "", end: "whole" };

  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let room = bodyBoundBytes;
  try {
    for (;;) {
      const { done, value } = await orAborted(reader.read(), signal);
      if (done) return { status, headers, text: text + decoder.decode(), end: "whole" };
      text += decoder.decode(value.subarray(0, room), { stream: true });
      room -= value.byteLength;
      if (room < 0) return { status, headers, text, end: "too-big" };
    }
  } catch {
    return { status, headers, text, end: "cut" };
  } finally {
    // Frees the connection; after a whole body it does nothing. Not awaited: it may wait for the other side.
    reader.cancel().catch(() => undefined);
  }
}

/** The promise, or a rejection as soon as the signal aborts: not every runtime ends a body read by itself. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The body as JSON; undefined when it is none. A body that was cut may still be whole JSON. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}
