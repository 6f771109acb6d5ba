import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  day,
  minute,
  pollLease,
  refused,
  second,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

/** The keys that may live for ever, as keys.ts says why. */
const lasting = [
  "budget",
  "send",
  "settle",
  "poll",
  "held",
  "index",
  "open",
  "pace:send",
  "pace:poll",
  "alarms",
  "checks",
].map((key) => `test:1:${key}`);

async function withoutTtl(redis: Redis): Promise<readonly string[]> {
  const keys = (await redis.keys("*")).sort();
  const ttls = await Promise.all(keys.map((key) => redis.pttl(key)));
  return keys.filter((key, i) => ttls[i] === -1 && key !== "test:ledger" && !lasting.includes(key));
}

describeLedger("retention", (backend) => {
  test("nothing of an open purge expires; everything of an ended one does", async () => {
    const ledger = testLedger(backend);
    const idempotency = { keyHash: "k1", bodyHash: "b1" };
    const { batch, ids, leases } = await ledger.accept(["a", "b"], { wave: 1, idempotency });
    const open = [`batch:${batch.id}`, ...ids.map((id) => `purge:${id}`), `waiting:${batch.id}`];
    expect(await withoutTtl(backend.raw)).toEqual(expect.arrayContaining(open.map((key) => `test:1:${key}`)));
    await ledger.settle(leases[0], accepted("ik1"));
    await ledger.settle((await ledger.leaseDue("send"))[0], refused);
    ledger.time.now += 5 * second;
    await ledger.settle(pollLease((await ledger.leaseDue("poll"))[0]), completed);
    expect(await withoutTtl(backend.raw)).toEqual([]);
    for (const key of [`batch:${batch.id}`, ...ids.map((id) => `purge:${id}`)]) {
      const ttl = await backend.raw.pttl(`test:1:${key}`);
      expect(ttl).toBeGreaterThan(400 * day - minute);
      expect(ttl).toBeLessThanOrEqual(400 * day);
    }
  });

  test("a purge whose check waits expires as others do, and its retention begins anew with each reading", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    const lasts = () => backend.raw.pttl(`test:1:purge:${id}`);
    expect(await lasts()).toBeGreaterThan(400 * day - minute);
    for (const outcome of ["undecided", "unchanged"] as const) {
      await backend.raw.pexpire(`test:1:purge:${id}`, day);
      ledger.time.now += minute;
      await ledger.settle((await ledger.leaseDue("check"))[0], seen(outcome, ledger.time.now));
      expect(await lasts()).toBeGreaterThan(400 * day - minute);
    }
    expect(await withoutTtl(backend.raw)).toEqual([]);
  });

  test("a batch outlives its last purge only: while one is open it stays", async () => {
    const ledger = testLedger(backend);
    const { leases, batch } = await ledger.accept(["a", "b"], { wave: 2 });
    await ledger.settle(leases[0], refused);
    expect(await backend.raw.pttl(`test:1:batch:${batch.id}`)).toBe(-1);
    await ledger.settle(leases[1], timedOut);
    expect(await backend.raw.pttl(`test:1:batch:${batch.id}`)).toBe(-1);
    await ledger.close(leases[1]?.purgeId ?? "", "admin");
    expect(await backend.raw.pttl(`test:1:batch:${batch.id}`)).toBeGreaterThan(0);
  });

  test("a batch whose lines all joined ended purges expires from the beginning", async () => {
    const ledger = testLedger(backend);
    await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    const { batch } = await ledger.accept(["a"], { changedAt: 0 });
    expect(batch.done).toBe(true);
    expect(await backend.raw.pttl(`test:1:batch:${batch.id}`)).toBeGreaterThan(0);
  });

  test("the index forgets ended purges, even behind old ones that are still open", async () => {
    const ledger = testLedger(backend, { retentionDays: 30 });
    const stuck = Array.from({ length: 12 }, (_, i) => `stuck${i}`);
    const { leases } = await ledger.accept(stuck, { wave: 12 });
    for (const lease of leases)
      await ledger.settle(lease, { outcome: "untraceable", status: 201, message: "" });
    ledger.time.now += second;
    const { ids } = await ledger.accept(["a", "b", "c"]);
    for (const id of ids) {
      await ledger.cancel(id, { actor: "shop", scope: "own-batches" });
      // Its time is over.
      await backend.raw.del(`test:1:purge:${id}`);
    }
    ledger.time.now += 31 * day;
    for (let i = 0; i < 3; i++) {
      await ledger.leaseDue("send");
      ledger.time.now += minute;
    }
    expect(await backend.raw.zcard("test:1:index")).toBe(12);
  });

  test("a batch is read without the purges that have expired", async () => {
    const ledger = testLedger(backend);
    const { ids, batch } = await ledger.accept(["a", "b"]);
    await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    await backend.raw.del(`test:1:purge:${ids[0]}`);
    await backend.raw.zrem("test:1:index", ids[0] ?? "");
    expect((await ledger.readBatch(batch.id))?.purges.map(({ id }) => id)).toEqual([ids[1]]);
  });
});
