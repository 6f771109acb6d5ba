import type { Batch } from "../domain/batch.ts";
import { parseBatch } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function readBatch(run: RunScript, batchId: string): Promise<Batch | undefined> {
  const [word, , ...reply] = await run("read-batch", { batchId });
  return word === "batch" ? parseBatch(reply) : undefined;
}
