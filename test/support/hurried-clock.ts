import { type Clock, systemClock } from "../../src/time.ts";

/** An answer waits for its sends so long (src/submit-purges.ts). */
const answerWithinMs = 5_000;

/** A clock on which time passes only while somebody sleeps, and then at once, however slow the machine is. */
export type HurriedClock = Clock & { readonly sleptMs: () => number; readonly restart: () => void };

/** The sleep beside a send under way is the one that never ends by itself: a slow machine must not win that race. */
export function hurriedClock(): HurriedClock {
  let sleptMs = 0;
  return {
    now: systemClock.now,
    monotonicMs: () => sleptMs,
    sleep: async (durationMs, signal) => {
      if (durationMs === answerWithinMs) {
        await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
        return;
      }
      sleptMs += durationMs;
    },
    sleptMs: () => sleptMs,
    restart: () => {
      sleptMs = 0;
    },
  };
}
