import type { Clock } from "../../src/domain/time.ts";

/** A clock that stands still until a test moves it. Sleeps end when their time is reached. */
export type ManualClock = Clock & { readonly move: (durationMs: number) => void };

export function manualClock(startsAt: number): ManualClock {
  let passedMs = 0;
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  return {
    now: () => startsAt + passedMs,
    monotonicMs: () => passedMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { untilMs: passedMs + durationMs, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake);
      }),
    move: (durationMs) => {
      passedMs += durationMs;
      for (const { untilMs, wake } of [...sleepers]) if (untilMs <= passedMs) wake();
    },
  };
}
