import { maximumLines } from "../../rules/limits.ts";

/** A form can have more lines than a batch. Ten batches are a month's default quota. */
const mostBatches = 10;

export const mostLines = mostBatches * maximumLines;

/** The address of a page that shows several batches together. */
export function batchesPath(basePath: string, batchIds: readonly string[]): string {
  return `${basePath}/batches?${batchIds.map((id) => `id=${id}`).join("&")}`;
}
