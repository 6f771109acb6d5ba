import type { Batch, Budget } from "../domain/batch.ts";
import { parseBatch, parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function readBatch(run: RunScript, batchId: string): Promise<Batch | undefined> {
  const [word, , ...reply] = await run("read-batch", { batchId });
  return word === "batch" ? parseBatch(reply) : undefined;
}

export async function readBudget(run: RunScript): Promise<Budget> {
  const [, budget] = await run("read-budget", {});
  return parseBudget(budget);
}
