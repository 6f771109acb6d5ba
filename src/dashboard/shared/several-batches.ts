import { maximumLines } from "../../rules/limits.ts";

/** A form may hold more lines than a batch; they go as so many batches, which is a month's quota. */
const mostBatches = 10;

export const mostLines = mostBatches * maximumLines;

/** Where several batches are shown together. */
export function batchesPath(basePath: string, batchIds: readonly string[]): string {
  return `${basePath}/batches?${batchIds.map((id) => `id=${id}`).join("&")}`;
}
