import type { PurgeState } from "./purge.ts";

/**
 * The states from best to worst, for what several purges serve: an image is as well off as the worst of its purges, and
 * cleared only if all of them completed. What ended without being cleared is worse than what may still be.
 */
export const fromBestToWorst = [
  "completed",
  "pending",
  "sending",
  "queued",
  "held",
  "overdue",
  "unknown",
  "cancelled",
  "refused",
  "abandoned",
] as const satisfies readonly PurgeState[];

/**
 * The worst of these states, where `undefined` is a purge whose record has expired. Undefined if nothing worse than
 * completed is known and a record is missing: then nobody can say that all was cleared.
 */
export function worstState(states: readonly (PurgeState | undefined)[]): PurgeState | undefined {
  const worst = fromBestToWorst.findLast((state) => states.includes(state));
  return worst === "completed" && states.includes(undefined) ? undefined : worst;
}
