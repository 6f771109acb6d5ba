import type { Clock } from "../domain/time.ts";

export type Scheduler = {
  /** Starts no further run, and resolves when the one under way is over. */
  readonly stop: () => Promise<void>;
};

export type SchedulerOptions = {
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
  /** A run failed; the next one comes all the same. */
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
};

/**
 * Stands in for Netlify's schedule: runs every so many milliseconds, first after one interval. A run that takes
 * longer than the interval is followed at once by the next, never overlapped.
 */
export function startScheduler({ everyMs, run, onError, clock }: SchedulerOptions): Scheduler {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async () => {
    let dueMs = clock.monotonicMs() + everyMs;
    for (;;) {
      await clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), signal);
      if (signal.aborted) return;
      dueMs = clock.monotonicMs() + everyMs;
      await run().catch(onError);
      if (signal.aborted) return;
    }
  };
  const ended = loop();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}
