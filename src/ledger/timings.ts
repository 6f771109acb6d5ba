/**
 * Durations in milliseconds that both the scripts and TypeScript need. The scripts get them with the policy
 * (`policy.timings`).
 */
export const timings = {
  /** A caller's clock may run this far ahead of ours. */
  clockLeadMs: 60_000,
  /** A send that is not settled within this counts as lost: `sending` becomes `unknown`. */
  sendLeaseMs: 60_000,
  pollLeaseMs: 15_000,
  /** An unknown purge may still get a late answer. Its resend waits this long for it. */
  resendPauseMs: 60_000,
  /** An open breaker lets one call through this often at first. Later each pause is an eighth of the outage so far. */
  probeIntervalMs: 180_000,
  longestProbeIntervalMs: 900_000,
  /** 429 for this long is not a rate limit: the quota is probably used up, and that does not pass within minutes. */
  lastingThrottleMs: 3_600_000,
  /** After 429 for this long, longer than any pause it asks for, one call at a time is tried until ImageKit accepts one. */
  throttleTrialMs: 120_000,
  /** This long after its pause, a 429 says nothing about now: everything due has been tried since. */
  throttleLullMs: 600_000,
  /** ImageKit asks you to contact its support when a purge takes longer than this. */
  overdueAfterMs: 900_000,
  /** After this long without completion, the status of a purge is no longer polled. */
  abandonAfterMs: 86_400_000,
  /** What the edge serves is read this long after Completed, until it is decided. */
  checkAfterMs: [5_000, 60_000, 300_000],
  /** Two readings of one purge lie this far apart at least: an `Age` that does not grow with time shows by then. */
  checkPauseMs: 15_000,
  checkLeaseMs: 15_000,
  /** The alarm about a stale copy lasts at most this long. */
  staleAlarmMs: 86_400_000,
  /** An SDK that gets no answer sends a request three times, and waits up to 60 s for each. */
  resendWindowMs: 200_000,
  /** A sweep lane in which purges wait rests at most this long, because settings may change. */
  longestRestMs: 900_000,
  /** An empty lane rests this long. */
  emptyRestMs: 21_600_000,
} as const;
