import type { EpochMs } from "../../../domain/time.ts";

/** A quota period so far. `used`: units spent, reserved, or spent elsewhere. */
export type Usage = {
  /** When `used` starts to count: the start of the period, or of the ledger if nothing is known before it. */
  readonly since: EpochMs;
  readonly now: EpochMs;
  readonly endsAt: EpochMs;
  readonly used: number;
  /** Units that can be used: the quota minus the safety margin. */
  readonly limit: number;
};

/** How the period ends if the average so far continues. */
export type Forecast = {
  /** Units a day so far. */
  readonly perDay: number;
  /** Units used by the end of the period without a limit; may exceed it. */
  readonly atEnd: number;
} & (
  | { readonly outcome: "unused" }
  | { readonly outcome: "lasts" }
  | { readonly outcome: "runs-out"; readonly at: EpochMs }
  | { readonly outcome: "exhausted" }
);

export const dayMs = 86_400_000;

/**
 * A straight line: the average per day so far, including today's elapsed part, continued to the end. The first day
 * counts as a whole day, so that one batch in the first minute does not look like a habit.
 */
export function forecast({ since, now, endsAt, used, limit }: Usage): Forecast {
  const perDay = used / Math.max(1, (now - since) / dayMs);
  const atEnd = used + (perDay * Math.max(0, endsAt - now)) / dayMs;
  if (used >= limit) return { outcome: "exhausted", perDay, atEnd };
  if (used === 0) return { outcome: "unused", perDay, atEnd };
  const at = now + ((limit - used) / perDay) * dayMs;
  return at < endsAt ? { outcome: "runs-out", at, perDay, atEnd } : { outcome: "lasts", perDay, atEnd };
}
