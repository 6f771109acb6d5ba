import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  completed,
  day,
  midNovember,
  minute,
  pollLease,
  refused,
  second,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

describeLedger("joins", (backend) => {
  test("G6: a purge that is not sent yet is joined at no cost, and both batches show it", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["a"]);
    const second = await ledger.accept(["b", "a"], { actor: "cms", wave: 5 });
    expect(second.ids[1]).toBe(first.ids[0]);
    expect(second.batch).toMatchObject({ units: 1, lines: [{ verdict: "accepted" }, { verdict: "joined" }] });
    expect(second.leases.map(({ purgeId }) => purgeId)).toEqual([second.ids[0]]);
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1 });
    const purge = await ledger.purge(first.ids[0] ?? "");
    expect(purge.batchId).toBe(first.batch.id);
    expect(purge.batches).toEqual([
      { id: first.batch.id, actor: "shop" },
      { id: second.batch.id, actor: "cms" },
    ]);
    expect(purge.timeline.at(-1)).toMatchObject({ by: "cms" });
  });

  test("G6: a purge sent before the content changed is never joined", async () => {
    const ledger = testLedger(backend);
    const sent = await ledger.pend("a");
    ledger.time.now += second;
    const { ids, batch } = await ledger.accept(["a"]);
    expect(ids).not.toEqual([sent]);
    expect(batch.units).toBe(1);
  });

  test("G6: a purge sent after the content changed is joined while sending, pending and unknown", async () => {
    const ledger = testLedger(backend);
    const changedAt = midNovember - minute;
    const lease = await ledger.send("a");
    ledger.time.now += second;
    expect((await ledger.accept(["a"], { changedAt })).ids).toEqual([lease.purgeId]);
    await ledger.settle(lease, accepted("ik-a"));
    expect((await ledger.accept(["a"], { changedAt })).ids).toEqual([lease.purgeId]);
    const lost = await ledger.send("b");
    await ledger.settle(lost, timedOut);
    expect((await ledger.accept(["b"], { changedAt })).ids).toEqual([lost.purgeId]);
    expect((await ledger.plan({ actor: "shop", urls: ["https://x.test/a"], changedAt })).joins).toEqual(
      new Map([["https://x.test/a", lease.purgeId]]),
    );
    expect((await ledger.plan({ actor: "shop", urls: ["https://x.test/a"] })).joins.size).toBe(0);
  });

  test("the same change of content joins a completed purge for a day", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle(pollLease((await ledger.leaseDue("poll"))[0]), completed);
    const again = await ledger.accept(["a"], { changedAt: midNovember - 1 });
    expect(again).toMatchObject({ ids: [id], batch: { units: 0, done: true } });
    const pointers = await backend.raw.keys("test:1:target:*");
    const ttl = await backend.raw.pttl(pointers[0] ?? "");
    expect(ttl).toBeGreaterThan(day - minute);
    expect(ttl).toBeLessThanOrEqual(day);
    expect((await ledger.accept(["a"], { changedAt: midNovember + 1 })).ids).not.toEqual([id]);
  });

  test("a batch that joined an ended purge shows it, and does not make its record longer", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle(pollLease((await ledger.leaseDue("poll"))[0]), completed);
    const again = await ledger.accept(["a", "b"], { changedAt: midNovember - 1 });
    expect((await ledger.purge(id)).batches).toHaveLength(1);
    const page = await ledger.listPurges({ batchId: again.batch.id, limit: 10 });
    expect(page.purges.map((purge) => purge.id).sort()).toEqual([...again.ids].sort());
  });

  test("G6: 500 batches share an open purge at most; the next makes one of its own, and each can cancel its part", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["a"]);
    const [id = ""] = first.ids;
    const changeBatches = async (change: (batches: readonly unknown[]) => readonly unknown[]) => {
      const record = JSON.parse((await backend.raw.get(`test:1:purge:${id}`)) ?? "");
      const batches = change(record.batches);
      await backend.raw.set(`test:1:purge:${id}`, JSON.stringify({ ...record, batches }));
    };
    const others = Array.from({ length: 498 }, (_, i) => ({ id: `b-other-${i}`, actor: "cms" }));
    await changeBatches((batches) => [...others, ...batches]);
    const last = await ledger.accept(["a"], { actor: "cms" });
    expect(last).toMatchObject({ ids: [id], batch: { units: 0 } });
    expect((await ledger.purge(id)).batches).toHaveLength(500);
    expect((await ledger.plan({ actor: "shop", urls: ["https://x.test/a"] })).joins.size).toBe(0);
    const next = await ledger.accept(["a"]);
    expect(next.batch.units).toBe(1);
    expect((await ledger.accept(["a"])).ids).toEqual(next.ids);

    await changeBatches((batches) => batches.slice(others.length));
    await ledger.cancel(id, { actor: "shop", scope: "own-batches" });
    expect((await ledger.purge(id)).batches).toEqual([{ id: last.batch.id, actor: "cms" }]);
    await ledger.cancel(id, { actor: "cms", scope: "own-batches" });
    expect(await ledger.stateOf(id)).toBe("cancelled");
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1, spent: 0 });
  });

  test.each(["refused", "cancelled", "abandoned"] as const)(
    "a purge that ended %s is never joined",
    async (end) => {
      const ledger = testLedger(backend);
      const lease = end === "cancelled" ? undefined : await ledger.send("a");
      const id = lease?.purgeId ?? (await ledger.accept(["a"])).ids[0] ?? "";
      if (end === "refused") await ledger.settle(lease, refused);
      if (end === "cancelled") await ledger.cancel(id, { actor: "shop", scope: "own-batches" });
      if (end === "abandoned") {
        await ledger.settle(lease, timedOut);
        await ledger.close(id, "admin");
      }
      expect(await ledger.stateOf(id)).toBe(end);
      expect(await backend.raw.keys("test:1:target:*")).toEqual([]);
      expect((await ledger.accept(["a"], { changedAt: 0 })).ids).not.toEqual([id]);
    },
  );

  test("the end of an older purge leaves the pointer of a newer one alone", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    ledger.time.now += second;
    const newer = await ledger.accept(["a"]);
    await ledger.settle(lease, refused);
    expect((await ledger.accept(["a"])).ids).toEqual(newer.ids);
  });

  test("a target's pointer to a record that is gone counts as absent", async () => {
    const ledger = testLedger(backend);
    const { ids, batch } = await ledger.accept(["a"]);
    const [pointer = ""] = await backend.raw.keys("test:1:target:*");
    await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    await backend.raw.del(`test:1:purge:${ids[0]}`, `test:1:batch:${batch.id}`);
    await backend.raw.zrem("test:1:index", ids[0] ?? "");
    await backend.raw.set(pointer, ids[0] ?? "");
    const again = await ledger.accept(["a"]);
    expect(again.batch.units).toBe(1);
    expect(await backend.raw.get(pointer)).toBe(again.ids[0]);
  });

  test("G6: a resend that a late answer may still take back is joined only if its first send served the change", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    ledger.time.now += 61 * second;
    await ledger.leaseDue("send", 0);
    ledger.time.now += 61 * second;
    await ledger.leaseDue("send", 0);
    expect(await ledger.stateOf(lease.purgeId)).toBe("queued");
    // The content changes now. The first send was before; its answer may come, and then nothing is resent.
    const { ids } = await ledger.accept(["a"]);
    await ledger.settle(lease, accepted("ik-late"));
    expect(ids).not.toEqual([lease.purgeId]);
    expect((await ledger.accept(["a"])).ids).toEqual(ids);
  });
});
