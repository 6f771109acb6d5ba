import type { EpochMs } from "../../../time.ts";

/** A period of quota as far as it has come. `used`: units spent, on their way, or spent elsewhere. */
export type Usage = {
  /** Since when `used` counts: the start of the period, or of the ledger when nothing is known before it. */
  readonly since: EpochMs;
  readonly now: EpochMs;
  readonly endsAt: EpochMs;
  readonly used: number;
  /** Units that may be used at all: the quota less its margin. */
  readonly limit: number;
};

/** What the period comes to if the average so far goes on. */
export type Forecast = {
  /** Units a day so far. */
  readonly perDay: number;
  /** Units by the end of the period if nothing stopped them; may pass the limit. */
  readonly atEnd: number;
} & (
  | { readonly outcome: "unused" }
  | { readonly outcome: "lasts" }
  | { readonly outcome: "runs-out"; readonly at: EpochMs }
  | { readonly outcome: "exhausted" }
);

export const dayMs = 86_400_000;

/**
 * A straight line: what was used divided by the days it took, today's elapsed part included, carried on to the end. On
 * the first day a whole day is pluralize, so that one batch in the first minute is not taken for a habit.
 */
export function forecast({ since, now, endsAt, used, limit }: Usage): Forecast {
  const perDay = used / Math.max(1, (now - since) / dayMs);
  const atEnd = used + (perDay * Math.max(0, endsAt - now)) / dayMs;
  if (used >= limit) return { outcome: "exhausted", perDay, atEnd };
  if (used === 0) return { outcome: "unused", perDay, atEnd };
  const at = now + ((limit - used) / perDay) * dayMs;
  return at < endsAt ? { outcome: "runs-out", at, perDay, atEnd } : { outcome: "lasts", perDay, atEnd };
}
