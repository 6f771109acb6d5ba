import { maximumLines, maximumPlanLines, maximumPlanTargets, maximumPurges } from "../../rules/limits.ts";

/** A form can have more lines than a batch: as many as a plan. */
export const mostLines = maximumPlanLines;

/** Batches that one page follows: the most that a plan can become, where any two neighbours would just not fit into one. */
export const mostBatches = 2 * (maximumPlanTargets / maximumPurges + maximumPlanLines / maximumLines) + 1;

/** The address of a page that shows several batches together. */
export function batchesPath(basePath: string, batchIds: readonly string[]): string {
  return `${basePath}/batches?${batchIds.map((id) => `id=${id}`).join("&")}`;
}
