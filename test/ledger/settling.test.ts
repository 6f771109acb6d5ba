import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { hour, midNovember, minute, second, testLedger } from "../support/test-ledger.ts";

const settleMs = 10 * minute;

describeLedger("purges that wait for others to share them", (backend) => {
  const expectSound = async () => expect(await auditLedger(backend.raw, "test")).toEqual([]);

  test("the first send waits as long as the request settles, and requests until then share it", async () => {
    const ledger = testLedger(backend);
    const { ids, leases } = await ledger.accept(["a"], { settleMs, wave: 1 });
    expect(leases).toEqual([]);
    ledger.time.now += 9 * minute;
    expect((await ledger.accept(["a"], { settleMs, wave: 1 })).ids).toEqual(ids);
    expect(await ledger.leaseDue("send")).toEqual([]);
    const purge = await ledger.purge(ids[0] ?? "");
    expect(purge).toMatchObject({ sendAt: midNovember + settleMs, nextCheckAt: midNovember + settleMs });
    expect(purge.isScheduled).toBeUndefined();
    await expectSound();
    ledger.time.now += minute;
    expect(await ledger.leaseDue("send")).toHaveLength(1);
    await expectSound();
  });

  test("a request that cannot wait joins, and sends the purge at once in its own wave", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { settleMs });
    const urgent = await ledger.accept(["b", "a"], { actor: "cms", wave: 5 });
    expect(urgent.ids[1]).toBe(ids[0]);
    expect(urgent.leases.map(({ purgeId }) => purgeId).toSorted()).toEqual([...urgent.ids].toSorted());
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
    await expectSound();
  });

  test("a purge sent sooner that no wave of its request took is due for the sweep at once", async () => {
    const ledger = testLedger(backend);
    await ledger.leaseDue("send");
    const { ids } = await ledger.accept(["a"], { settleMs });
    await ledger.accept(["a"], { wave: 0 });
    expect((await ledger.readSweepState()).sends).toBe(true);
    expect((await ledger.leaseDue("send")).map(({ purgeId }) => purgeId)).toEqual(ids);
    await expectSound();
  });

  test.each([
    ["a shorter wait moves the send forward", minute, minute],
    ["a longer wait never moves it back", hour, settleMs],
    ["the same wait, a minute later, leaves it where it is", settleMs, settleMs],
  ])("%s", async (_, waitMs, sentAfterMs) => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { settleMs });
    const first = waitMs === settleMs ? minute : 0;
    ledger.time.now += first;
    await ledger.accept(["a"], { settleMs: waitMs });
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({ sendAt: midNovember + sentAfterMs });
    await expectSound();
    ledger.time.now = midNovember + sentAfterMs - 1;
    expect(await ledger.leaseDue("send")).toEqual([]);
    ledger.time.now += 1;
    expect(await ledger.leaseDue("send")).toHaveLength(1);
  });

  test("a settling purge wakes no sweep before its time", async () => {
    const ledger = testLedger(backend);
    await ledger.leaseDue("send");
    await ledger.leaseDue("poll");
    await ledger.leaseDue("check");
    await ledger.accept(["a"], { settleMs });
    ledger.time.now += settleMs - 1;
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect(await ledger.isResting()).toBe(false);
  });

  test("a settling purge that is held is sent sooner too, once there is budget", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    const other = await ledger.accept(["x"]);
    const { ids } = await ledger.accept(["a"], { settleMs, onExhausted: "hold" });
    await ledger.accept(["a"]);
    await ledger.cancel(other.ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    expect((await ledger.leaseDue("send")).map(({ purgeId }) => purgeId)).toEqual(ids);
  });

  test("a settling purge is moved to its own time by no request for a scheduled one", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { settleMs });
    const scheduled = await ledger.accept(["a"], { sendAfter: midNovember + second });
    expect(scheduled.batch.units).toBe(1);
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({ sendAt: midNovember + settleMs });
  });

  test("no wait at all is an ordinary purge", async () => {
    const ledger = testLedger(backend);
    const { ids, leases } = await ledger.accept(["a"], { settleMs: 0, wave: 1 });
    expect(leases).toHaveLength(1);
    expect((await ledger.purge(ids[0] ?? "")).sendAt).toBeUndefined();
  });
});
