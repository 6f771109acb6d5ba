import type { Advance, AdvanceReply } from "./leases.ts";
import { parseBatch, parseLeases } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function advance(
  run: RunScript,
  { settlements, lease, batchId }: Advance,
): Promise<AdvanceReply> {
  const [, leases, ...batch] = await run("advance", { settlements, lease, batchId });
  return {
    ...(lease ? parseLeases(leases, lease) : { leases: [] }),
    batch: batch.length > 0 ? parseBatch(batch) : undefined,
  };
}
