import { idPattern } from "../../../ids.ts";
import { maximumLines } from "../../../rules/limits.ts";
import { mostLines } from "../../shared/several-batches.ts";

/** Where several batches are shown together. */
export function batchesPath(basePath: string, batchIds: readonly string[]): string {
  return `${basePath}/batches?${batchIds.map((id) => `id=${id}`).join("&")}`;
}

/** The batches that such an address names. */
export function batchIdsIn(search: URLSearchParams): readonly string[] {
  const ids = search.getAll("id").filter((id) => idPattern("b").test(id));
  return [...new Set(ids)].slice(0, mostLines / maximumLines);
}
