import type { WriteStream } from "node:tty";

/** A `fetch` that says once, on a terminal, that no answer comes: the client goes on trying for half a minute. */
export function fetchThatTells(
  stream: Pick<WriteStream, "isTTY" | "write">,
  send: typeof fetch = fetch,
): typeof fetch {
  let isTold = !stream.isTTY;
  return async (input, init) => {
    try {
      return await send(input, init);
    } catch (error) {
      // Ctrl-C: nobody tries again.
      if (init?.signal?.aborted && init.signal.reason?.name !== "TimeoutError") throw error;
      const { origin } = new URL(input instanceof Request ? input.url : input);
      // A progress bar may be on the line.
      if (!isTold) stream.write(`\r\u001b[KNo answer from ${origin} yet; trying again (Ctrl-C ends it).\n`);
      isTold = true;
      throw error;
    }
  };
}
