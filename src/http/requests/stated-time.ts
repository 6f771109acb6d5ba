import type { EpochMs } from "../../domain/time.ts";

/**
 * The `changedAt` that a request states, in RFC 3339. Fewer than three decimals do not name a millisecond: they are dropped,
 * and the ledger takes a time without milliseconds for its whole second. Digits beyond milliseconds are dropped too.
 */
export function readChangedAt(text: string): EpochMs {
  const at = Date.parse(text);
  return /\.\d{3}/.test(text) ? at : Math.floor(at / 1_000) * 1_000;
}
