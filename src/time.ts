/** The only clock. Everything else is given a `Clock`, so that tests decide what time it is. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

export type Clock = {
  /** Wall time: for what people and records see. May jump. */
  readonly now: () => EpochMs;
  /** Milliseconds that only ever grow: for deadlines and leases. Its zero means nothing. */
  readonly monotonicMs: () => number;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly sleep: (durationMs: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, durationMs);
      signal?.addEventListener("abort", done);
    }),
};

/** ISO 8601 in UTC with milliseconds, as every answer shows time. */
export function toIsoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}
