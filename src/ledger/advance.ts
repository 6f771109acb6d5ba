import type { Advance, AdvanceReply } from "./leases.ts";
import { parseLeases } from "./parse-leases.ts";
import { parseBatch } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function advance(
  run: RunScript,
  { settlements, lease, batchId }: Advance,
): Promise<AdvanceReply> {
  const lane = lease?.lane ?? settlements[0]?.lane;
  const script = lane === "check" ? "check" : "advance";
  const [, leases, ...batch] = await run(script, { settlements, lease, batchId });
  return {
    ...(lease ? parseLeases(leases, lease) : { leases: [] }),
    batch: batch.length > 0 ? parseBatch(batch) : undefined,
  };
}
