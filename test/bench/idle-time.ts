import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/domain/time.ts";

/** Time that passes only while all there is to do is to wait, and then at once: a slow machine changes no figure. */
export type IdleTime = Clock & {
  /** To the start of the next minute. */
  readonly nextMinute: () => void;
  /** The same call; while it is under way no time passes. */
  readonly busyWith: <Args extends readonly unknown[], Result>(
    call: (...args: Args) => Promise<Result>,
  ) => (...args: Args) => Promise<Result>;
};

export function idleTime(startsAt: number): IdleTime {
  let passedMs = 0;
  let underWay = 0;
  let isWatched = false;
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();

  const watch = async () => {
    if (isWatched) return;
    isWatched = true;
    while (sleepers.size > 0) {
      // Whoever was just answered has gone on to its next call or sleep by then.
      await setImmediate();
      if (underWay > 0) break;
      const [next] = [...sleepers].sort((one, other) => one.untilMs - other.untilMs);
      if (!next) break;
      passedMs = Math.max(passedMs, next.untilMs);
      next.wake();
    }
    isWatched = false;
  };

  return {
    now: () => startsAt + Math.floor(passedMs),
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
        void watch();
      }),
    nextMinute: () => {
      passedMs += 60_000 - (passedMs % 60_000);
    },
    busyWith:
      (call) =>
      async (...args) => {
        underWay += 1;
        try {
          return await call(...args);
        } finally {
          underWay -= 1;
          void watch();
        }
      },
  };
}
