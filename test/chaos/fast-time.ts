import { type Clock, type EpochMs, systemClock } from "../../src/domain/time.ts";

/** Time that runs faster than real time and can be moved: that of Redis, ImageKit and every server. */
export type FastTime = {
  readonly now: () => EpochMs;
  /** Moves wall clocks but not monotonic clocks. */
  readonly jump: (byMs: number) => void;
  /** A clock that shows this time; `skewMs` is how far its wall time is wrong. */
  readonly clock: (skewMs?: () => number) => Clock;
};

/** `speed` milliseconds pass in one real millisecond. */
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
