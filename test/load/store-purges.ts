import * as z from "zod";
import { shopUrls } from "../bench/shop-urls.ts";
import type { Workbench } from "../bench/workbench.ts";
import { completePurges } from "../support/complete-purges.ts";

const batchSize = 100;
const dayMs = 86_400_000;
const Record = z.looseObject({ id: z.string(), url: z.string(), createdAt: z.number() });

/**
 * Fills the Redis up to so many completed purges: one batch goes through the ledger's own scripts, and what they
 * wrote is copied with other ids, URLs and times, spread evenly over the last 400 days.
 */
export async function storePurges(bench: Workbench, from: number, to: number): Promise<void> {
  const { services } = bench.serve();
  const { raw } = bench;
  const key = (rest: string) => `${services.config.ledgerName}:1:${rest}`;
  const startsAt = services.clock.now() - 60_000;
  const urls = shopUrls(batchSize, "template");
  const [templateId = ""] = await completePurges(services, { urls, batchSize, startsAt });
  const batch = await raw.hgetall(key(`batch:${templateId}`));
  const ids = z.array(z.string()).parse(JSON.parse(batch["purges"] ?? "[]"));
  const records = (await raw.mget(ids.map((id) => key(`purge:${id}`)))).map((text) => text ?? "");

  for (let first = from + batchSize; first < to; first += batchSize) {
    const backMs = Math.round(((to - first) / to) * 400 * dayMs);
    const batchId = services.makeId("b");
    const newIds = new Map(ids.map((id) => [id, services.makeId("p")]));
    const named = (text: string) =>
      text
        .replaceAll(templateId, batchId)
        .replaceAll(/p_[0-9a-z]{26}/g, (id) => newIds.get(id) ?? id)
        .replaceAll("template-", `shoe-${first}-`);
    const pipeline = raw.pipeline();
    for (const text of records) {
      const record = Record.parse(movedBack(JSON.parse(named(text)), backMs));
      pipeline.set(key(`purge:${record.id}`), JSON.stringify(record), "PX", 400 * dayMs);
      pipeline.zadd(key("index"), record.createdAt, record.id);
    }
    const createdAt = String(Number(batch["createdAt"]) - backMs);
    const fields = Object.entries(batch).map(([field, value]) => [field, named(value)] as const);
    pipeline.hset(key(`batch:${batchId}`), { ...Object.fromEntries(fields), createdAt });
    pipeline.pexpire(key(`batch:${batchId}`), 400 * dayMs);
    await pipeline.exec();
  }
}

/** The same JSON with every time in it (milliseconds since 1970) so much earlier. */
function movedBack(value: unknown, byMs: number): unknown {
  if (typeof value === "number") return value > 1e12 ? value - byMs : value;
  if (Array.isArray(value)) return value.map((item) => movedBack(item, byMs));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, movedBack(item, byMs)]));
}
