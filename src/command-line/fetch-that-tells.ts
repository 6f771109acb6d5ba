import { shellWord } from "./shell-word.ts";
import type { Output } from "./streams.ts";

/**
 * A `fetch` that says once, on a terminal, that no answer came and that it is asked for again: the client goes on trying for
 * half a minute or longer.
 */
export function fetchThatTells(
  stream: Pick<Output, "isTTY" | "write">,
  send: typeof fetch = fetch,
): typeof fetch {
  let isTold = !stream.isTTY;
  const unanswered = new Set<string>();
  return async (input, init) => {
    const { href, origin } = new URL(input instanceof Request ? input.url : input);
    // Said only now: the client may have had no time left to try again.
    if (!isTold && unanswered.has(href)) {
      isTold = true;
      // A progress bar may be on the line.
      stream.write(`\r\u001b[KNo answer from ${origin} yet; trying again (Ctrl-C ends it).\n`);
    }
    try {
      return await send(input, init);
    } catch (error) {
      unanswered.add(href);
      throw error;
    }
  };
}

/**
 * A `fetch` that says a request's key before its second part goes out: if the process were killed from here on, nobody else
 * would know the key under which the first part was paid.
 */
export function fetchThatNamesKey(
  key: string,
  stream: Pick<Output, "write">,
  send: typeof fetch = fetch,
): typeof fetch {
  let isTold = false;
  return (input, init) => {
    if (!isTold && new Headers(init?.headers).get("Idempotency-Key") === `${key}#2`) {
      isTold = true;
      stream.write(
        `Sending this in several parts. Should it end before all are sent, run it again with --key ${shellWord(key)}: nothing that was accepted is purged twice.\n`,
      );
    }
    return send(input, init);
  };
}
