import { type Clock, systemClock } from "../../src/domain/time.ts";

/** An answer waits for its sends so long (src/use-cases/send-batch.ts), and a sweep for the ledger longer than any of its pauses. */
const isLimit = (durationMs: number) => durationMs === 5_000 || durationMs > 20_000;

/** A clock on which time passes only during a sleep, and then instantly, however slow the machine is. */
export type HurriedClock = Clock & { readonly sleptMs: () => number; readonly restart: () => void };

/** Only limits on running work never pass automatically: a slow machine must not win that race. */
export function hurriedClock(): HurriedClock {
  let sleptMs = 0;
  return {
    now: systemClock.now,
    monotonicMs: () => sleptMs,
    sleep: async (durationMs, signal) => {
      if (signal && isLimit(durationMs)) {
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
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
