import { createIdMaker } from "../../src/ids.ts";
import type { Settlement } from "../../src/ledger/contract.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import { nameTargets } from "../../src/name-targets.ts";
import { planLines } from "../../src/rules/plan.ts";
import { systemClock } from "../../src/time.ts";
import { type Figure, judged, told } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import type { Workbench } from "./workbench.ts";

const purges = 5_000;
/** 400 days at 1,000 a month. */
const purgesKept = Math.round((400 / 365.25) * 12 * 1_000);
const freeMegabytes = 256;

/** What a completed purge in a batch of its own takes in Redis, and what all that is kept comes to. */
export async function redisMemory(bench: Workbench): Promise<readonly Figure[]> {
  if (bench.kind === "embedded")
    return [told("Redis memory per purge", "redis-server is not installed: left out")];
  await bench.clear();
  await bench.raw.call("MEMORY", "PURGE");
  const before = await usedBytes(bench);
  await completePurges(bench);
  // What tells a lease again lives two minutes.
  const leases = await bench.raw.keys("*:lease:*");
  if (leases.length > 0) await bench.raw.del(leases);
  const each = ((await usedBytes(bench)) - before) / purges;
  const kept = (each * purgesKept) / 1_000_000;
  return [
    told(`Redis memory per purge (of ${purges}, each its own batch)`, `${each.toFixed(0)} bytes`),
    judged(
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

/** Takes every purge through the ledger's own scripts: reserved, sent, accepted, and Completed at the second poll. */
async function completePurges(bench: Workbench): Promise<void> {
  const { config, makeId } = bench.serve().services;
  let now = systemClock.now();
  const ledger = createLedger({
    redis: config.redis,
    name: config.ledgerName,
    policy: config.policy,
    clock: systemClock,
    makeId: () => makeId("o"),
    now: () => now,
  });
  const imagekitId = createIdMaker({
    clock: systemClock,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  for (const url of shopUrls(purges, "memory")) {
    const { lines, purges } = nameTargets(planLines([url], config.endpoints), () => makeId("p"));
    const lease = { token: makeId("l"), limit: 0 };
    const idempotency = { keyHash: makeId("o").repeat(2), bodyHash: makeId("o").repeat(2) };
    const about = { batchId: makeId("b"), actor: "storefront", reason: "new autumn photo", lines, purges };
    await ledger.reserve({ ...about, onExhausted: "reject", idempotency, lease });
  }
  const work = async (endpoint: "send" | "poll", outcome: "accepted" | "pending" | "completed") => {
    for (;;) {
      const lease = { endpoint, token: makeId("l"), limit: 100 };
      const { leases } = await ledger.advance({ settlements: [], lease });
      if (leases.length === 0) return;
      const settlements = leases.map((lease): Settlement => {
        if (lease.endpoint === "poll" && outcome !== "accepted") return { ...lease, result: { outcome } };
        const { purgeId, token } = lease;
        const imagekitRequestId = imagekitId("r").slice(-24);
        return {
          endpoint: "send",
          purgeId,
          token,
          result: { outcome: "accepted", status: 201, imagekitRequestId },
        };
      });
      await ledger.advance({ settlements });
    }
  };
  await work("send", "accepted");
  now += 5_000;
  await work("poll", "pending");
  now += 5_000;
  await work("poll", "completed");
}
