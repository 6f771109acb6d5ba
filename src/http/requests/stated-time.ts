import type { EpochMs } from "../../domain/time.ts";

/** The instant of an RFC 3339 time, which may be in lower case. Digits beyond milliseconds are dropped. */
export function readTime(text: string): EpochMs {
  return Date.parse(text.toUpperCase());
}

/**
 * The `changedAt` that a request states. Fewer than three decimals do not name a millisecond: they are dropped, and the
 * ledger takes a time without milliseconds for its whole second.
 */
export function readChangedAt(text: string): EpochMs {
  const at = readTime(text);
  return /\.\d{3}/.test(text) ? at : Math.floor(at / 1_000) * 1_000;
}
