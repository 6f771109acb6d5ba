/** So many a second sustained, so many at once; over all instances together. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/**
 * So many sends of unknown outcome in a row are taken for an outage, and only one at a time goes on: each may cost a
 * unit for nothing, twice. No setting; the scripts are told it beside those.
 */
export const doubtsThatClose = 5;

/**
 * Sends that may be leased at once, by all instances together: a crash of everything leaves at most this many of unknown
 * outcome. Two waves, so that two batches at once go at full speed. No setting; the scripts are told it beside those.
 */
export const mostSending = 40;

/**
 * Bytes that one caller's batches may take to keep: so many at once, and as many again in the course of a month. Held
 * and cancelled purges, joins and lines that were rejected cost no unit, and would fill Redis unseen. An honest month
 * needs a hundredth of it: a unit stands for about 2 kB. No setting; it grows with the quota.
 */
export function storageFor(quota: number): Rate {
  const burst = Math.max(1_000, quota) * 50_000;
  return { perSecond: burst / (30 * 86_400), burst };
}

/** What the ledger's decisions depend on (settings of DESIGN §8). */
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
  /** What each caller may ask of the ledger. */
  readonly callerRate: Rate | "off";
  /** Bytes that each caller may have it keep. */
  readonly callerStorage: Rate;
};
