import { type Clock, type EpochMs, systemClock } from "../../src/domain/time.ts";

/** Time that runs faster than ours and can be moved: Redis', ImageKit's and every server's. */
export type FastTime = {
  readonly now: () => EpochMs;
  /** Moves wall clocks, not monotonic ones. */
  readonly jump: (byMs: number) => void;
  /** A clock on this time; `skewMs` is how far this one's wall time is off. */
  readonly clock: (skewMs?: () => number) => Clock;
};

/** `speed` milliseconds pass in one of ours. */
export function fastTime(startsAt: EpochMs, speed: number): FastTime {
  const begunMs = systemClock.monotonicMs();
  let jumpedMs = 0;
  const passedMs = () => (systemClock.monotonicMs() - begunMs) * speed;
  const now = () => Math.floor(startsAt + jumpedMs + passedMs());
  return {
    now,
    jump: (byMs) => {
      jumpedMs += byMs;
    },
    clock: (skewMs = () => 0) => ({
      now: () => now() + skewMs(),
      monotonicMs: passedMs,
      sleep: (durationMs, signal) => systemClock.sleep(durationMs / speed, signal),
    }),
  };
}
