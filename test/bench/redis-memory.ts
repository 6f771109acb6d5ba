import { systemClock } from "../../src/domain/time.ts";
import { completePurges } from "../support/complete-purges.ts";
import { type Figure, information, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const purges = 5_000;
/** 400 days at 1,000 purges a month. */
const purgesKept = Math.round((400 / 365.25) * 12 * 1_000);
const freeMegabytes = 256;

/** The memory in Redis of a completed purge in its own batch, and of all purges that are kept. */
export async function redisMemory(bench: Workbench): Promise<readonly Figure[]> {
  if (bench.kind === "embedded")
    return [information("Redis memory per purge", "redis-server is not installed: left out")];
  await bench.clear();
  await bench.raw.call("MEMORY", "PURGE");
  const before = await usedBytes(bench);
  await completePurges(bench.serve().services, {
    urls: shopUrls(purges, "memory"),
    batchSize: 1,
    startsAt: systemClock.now(),
  });
  // The keys that repeat a lease to its owner live for two minutes.
  const leases = await bench.raw.keys("*:lease:*");
  if (leases.length > 0) await bench.raw.del(leases);
  const each = ((await usedBytes(bench)) - before) / purges;
  const kept = (each * purgesKept) / 1_000_000;
  return [
    information(`Redis memory per purge (of ${purges}, each its own batch)`, `${each.toFixed(0)} bytes`),
    withTarget(
      `Redis memory of 400 days at 1,000 purges a month (${purgesKept})`,
      `${kept.toFixed(1)} MB`,
      `< ${freeMegabytes} MB (Upstash's free tier)`,
      kept < freeMegabytes,
    ),
  ];
}

async function usedBytes({ raw }: Workbench): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await raw.info("memory"))?.[1]);
}
