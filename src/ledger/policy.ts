/** A token bucket over all instances together: `perSecond` sustained, at most `burst` at once. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/**
 * This many consecutive unknown outcomes count as an outage. Then only one call at a time goes out, because each lost
 * answer may waste two units. Not a setting; the scripts get it with the settings.
 */
export const doubtsThatOpen = 5;

/**
 * At most this many sends are leased at once, over all instances together. A crash of all instances leaves at most this
 * many with an unknown outcome. It is two waves, so that two batches at once go at full speed. Not a setting; the scripts
 * get it with the settings.
 */
export const mostSending = 40;

/**
 * The bytes that one caller's batches may take in Redis: `burst` at once, and the same again over a month. Held and
 * cancelled purges, joins and rejected lines cost no unit and could fill Redis unseen. A normal month needs about 2 kB
 * a unit, and the limit is 50 kB a unit. Not a setting; it grows with the quota.
 */
export function storageFor(quota: number): Rate {
  const burst = Math.max(1_000, quota) * 50_000;
  return { perSecond: burst / (30 * 86_400), burst };
}

/** What the ledger's decisions depend on: settings from the environment, and limits derived from them (config.ts). */
export type LedgerPolicy = {
  readonly quota: number;
  /** Units never spent. */
  readonly margin: number;
  readonly resendUnknown: "once" | "never";
  readonly refusedCosts: "unit" | "nothing";
  /** IANA time zone and day of the month (1 to 31, clamped to a short month's last day) of the turn. */
  readonly timeZone: string;
  readonly resetDay: number;
  readonly retentionDays: number;
  readonly sendRate: Rate | "off";
  readonly pollRate: Rate | "off";
  /** At most this many batches of one actor within an hour may make a purge of the same URL. */
  readonly repeatLimit: number | "off";
  /** What each caller may ask of the ledger. */
  readonly callerRate: Rate | "off";
  /** The bytes that the ledger keeps for each caller. */
  readonly callerStorage: Rate;
};
