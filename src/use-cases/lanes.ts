import type { Lane } from "../ledger/keys.ts";
import { timings } from "../ledger/timings.ts";

/** A lane, and how much of it one run takes on. */
export type LaneLimits = {
  readonly lane: Lane;
  /** At most this many purges are leased at once: a crash can leave this many unknown. */
  readonly wave: number;
  /** At most this many calls are in flight at once. */
  readonly concurrency: number;
  /** How long a lease lasts, and how much of it (and of the run) must be left for a call to begin. */
  readonly leaseMs: number;
  readonly callMs: number;
};

export const sendLane: LaneLimits = {
  lane: "send",
  wave: 20,
  concurrency: 10,
  leaseMs: timings.sendLeaseMs,
  callMs: 17_000,
};
export const pollLane: LaneLimits = {
  lane: "poll",
  wave: 100,
  concurrency: 20,
  leaseMs: timings.pollLeaseMs,
  callMs: 7_000,
};

/** A batch's 100 checks must not become a burst at the CDN; a reading takes at most 3 s. */
export const checkLane: LaneLimits = {
  lane: "check",
  wave: 50,
  concurrency: 10,
  leaseMs: timings.checkLeaseMs,
  callMs: 5_000,
};
