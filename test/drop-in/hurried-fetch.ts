/**
 * A `fetch` over the real network for callers that know no clock but the platform's: a pause that an answer asks for is
 * over at once, and that time has then passed. What never answers is given up when a test says so, as by their time-out.
 */
export type HurriedFetch = {
  readonly fetch: typeof globalThis.fetch;
  /** Ends the requests that are under way, as the time-out of an SDK does. */
  readonly timeOut: () => void;
  readonly restore: () => void;
};

/** What a request takes that gets no answer. */
const failureTakesMs = 10_000;

/** `pass` is told how much time has passed; what `performance.now` tells passes too. */
export function hurriedFetch(pass: (durationMs: number) => void): HurriedFetch {
  const underWay = new Set<AbortController>();
  const { now } = performance;
  let aheadMs = 0;
  Object.assign(performance, { now: () => now.call(performance) + aheadMs });
  const passTime = (durationMs: number) => {
    aheadMs += durationMs;
    pass(durationMs);
  };
  return {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const timeOut = new AbortController();
      underWay.add(timeOut);
      try {
        const answer = await fetch(request, { signal: AbortSignal.any([request.signal, timeOut.signal]) });
        const text = await answer.text();
        const headers = new Headers(answer.headers);
        const pause = headers.get("Retry-After");
        if (pause !== null) {
          passTime(1000 * Number(pause));
          headers.set("Retry-After", "0");
          // ImageKit's SDK takes 0 for no pause of its own, and prefers this header.
          headers.set("Retry-After-Ms", "1");
        }
        return new Response(text, { status: answer.status, headers });
      } catch (error) {
        passTime(failureTakesMs);
        throw error;
      } finally {
        underWay.delete(timeOut);
      }
    },
    timeOut: () => {
      for (const each of underWay) each.abort();
    },
    restore: () => void Object.assign(performance, { now }),
  };
}
