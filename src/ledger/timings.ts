/**
 * How long things last, in milliseconds, where both the scripts and TypeScript must know it: the scripts are told with
 * the policy (`policy.timings`).
 */
export const timings = {
  /** A send that is not settled within this counts as lost: `sending` becomes `unknown`. */
  sendLeaseMs: 60_000,
  pollLeaseMs: 15_000,
  /** What is unknown may still be answered late; its resend waits for that. */
  resendPauseMs: 60_000,
  /** Behind a breaker one call goes out this often at first; each later pause is an eighth of how long it has lasted. */
  probeIntervalMs: 180_000,
  longestProbeIntervalMs: 900_000,
  /** A 429 that lasts this long is no rate limit: what used up the quota will not pass within the next minutes. */
  lastingThrottleMs: 3_600_000,
  /** Once 429 has gone on for this long, beyond any pause it asks for, one call at a time is tried until one is taken. */
  throttleTrialMs: 120_000,
  /** This long after its pause, a 429 says nothing about now: whatever was due has been tried since. */
  throttleLullMs: 600_000,
  /** ImageKit asks to be written to when a purge takes longer than this. */
  overdueAfterMs: 900_000,
  /** A purge that ImageKit does not complete within this is no longer asked about. */
  abandonAfterMs: 86_400_000,
  /** A lane of the sweep in which something waits rests at most this long: settings may change meanwhile. */
  longestRestMs: 900_000,
  /** An empty one is looked at this often all the same. */
  emptyRestMs: 21_600_000,
} as const;
