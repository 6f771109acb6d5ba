import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  completed,
  day,
  hour,
  midNovember,
  minute,
  second,
  type TestLedger,
  testLedger,
  throttled,
  timedOut,
} from "../support/test-ledger.ts";

const url = "https://x.test/a";
const nextWeek = midNovember + 7 * day;
const shop = { actor: "shop", scope: "own-batches" } as const;

/** What a sweep would send now. */
const dueIds = async (ledger: TestLedger) => (await ledger.leaseDue("send")).map(({ purgeId }) => purgeId);

describeLedger("scheduled purges", (backend) => {
  const expectSound = async () => expect(await auditLedger(backend.raw, "test")).toEqual([]);

  test("a scheduled purge has its unit set aside from the start, and is sent at its time and not before", async () => {
    const ledger = testLedger(backend);
    const { ids, batch, leases } = await ledger.accept(["a"], { sendAfter: nextWeek, wave: 1 });
    expect(leases).toEqual([]);
    expect(batch).toMatchObject({ done: false, units: 1, budget: { reserved: 1, spent: 0 } });
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({
      state: "queued",
      sendAt: nextWeek,
      isScheduled: true,
      nextCheckAt: nextWeek,
    });
    ledger.time.now = nextWeek - 1;
    expect((await ledger.ask("send", 5, ids)).leases, "not even by its id").toEqual([]);
    expect(await dueIds(ledger)).toEqual([]);
    await expectSound();
    ledger.time.now = nextWeek;
    expect(await dueIds(ledger)).toEqual(ids);
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({ state: "sending", sendAt: nextWeek });
    await expectSound();
  });

  test("a scheduled purge that is due can be leased by its id before any sweep has woken", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b"], { sendAfter: midNovember + minute });
    ledger.time.now += minute;
    expect((await ledger.ask("send", 5, ids.slice(0, 1))).leases).toHaveLength(1);
    await expectSound();
    expect(await dueIds(ledger)).toEqual(ids.slice(1));
  });

  test("G6: only requests for the same target and instant share a scheduled purge", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { sendAfter: nextWeek });
    const same = await ledger.accept(["a"], { sendAfter: nextWeek, actor: "cms" });
    expect(same).toMatchObject({ ids, batch: { units: 0, lines: [{ verdict: "joined" }] } });
    expect((await ledger.plan({ actor: "shop", urls: [url], sendAfter: nextWeek })).joins.get(url)).toBe(
      ids[0],
    );
    for (const sendAfter of [undefined, nextWeek + 1, nextWeek - 1]) {
      expect((await ledger.plan({ actor: "shop", urls: [url], sendAfter })).joins.size).toBe(0);
      expect((await ledger.accept(["a"], { sendAfter, changedAt: 0 })).batch.units).toBe(1);
    }
    expect(await ledger.readBudget()).toMatchObject({ reserved: 4 });
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({ sendAt: nextWeek });
  });

  test("G6: a scheduled request joins no purge that is queued or was sent after the change", async () => {
    const ledger = testLedger(backend);
    const pending = await ledger.pend("a");
    const queued = await ledger.accept(["b"]);
    const { ids } = await ledger.accept(["a", "b"], { sendAfter: nextWeek, changedAt: 0 });
    expect(ids).not.toEqual(expect.arrayContaining([pending]));
    expect(ids).not.toEqual(expect.arrayContaining([...queued.ids]));
  });

  test("G6: the same change told for now and for a scheduled time is two purges, though its clock runs ahead", async () => {
    const ledger = testLedger(backend);
    const changedAt = midNovember + 30 * second + 1;
    const sendAfter = midNovember + minute;
    const scheduled = await ledger.accept(["a"], { changedAt, sendAfter });
    const now = await ledger.accept(["a"], { changedAt });
    expect(now.ids).not.toEqual(scheduled.ids);
    const again = await ledger.accept(["a"], { changedAt, sendAfter: sendAfter + 1 });
    expect(again.batch.units).toBe(1);
    await ledger.leaseDue("send");
    expect((await ledger.accept(["a"], { changedAt })).ids).toEqual(now.ids);
    expect(await ledger.stateOf(scheduled.ids[0] ?? "")).toBe("queued");
  });

  test("a purge scheduled for next week wakes no sweep before its time, and then wakes one", async () => {
    const ledger = testLedger(backend);
    await ledger.leaseDue("send");
    await ledger.leaseDue("poll");
    await ledger.leaseDue("check");
    expect(await ledger.isResting()).toBe(true);
    const { ids } = await ledger.accept(["a"], { sendAfter: midNovember + 5 * hour });
    expect(await ledger.isResting(), "accepting it wakes nobody").toBe(true);
    ledger.time.now += 5 * hour - 1;
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect((await ledger.readSweepState()).sends).toBe(true);
    expect(await dueIds(ledger)).toEqual(ids);
    expect(await backend.raw.get("test:1:wake")).toBeNull();
  });

  test("a sweep that comes two seconds early is told when the scheduled purge is due", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a"], { sendAfter: midNovember + 2 * second });
    expect(await ledger.ask("send")).toMatchObject({ leases: [], retryInMs: 2 * second });
  });

  test("two sweeps at the wake share the scheduled purges: each is sent once", async () => {
    const ledger = testLedger(backend);
    const names = Array.from({ length: 30 }, (_, i) => `u${i}`);
    const { ids } = await ledger.accept(names, { sendAfter: midNovember + minute });
    const other = testLedger(backend, {}, 0, ledger);
    ledger.time.now += minute;
    const leased = await Promise.all([ledger.leaseDue("send", 20), other.leaseDue("send", 20)]);
    expect(
      leased
        .flat()
        .map(({ purgeId }) => purgeId)
        .toSorted(),
    ).toEqual(ids.toSorted());
    expect(await ledger.readBudget()).toMatchObject({ spent: 30, reserved: 0 });
    await expectSound();
  });

  test("G1: however many purges are scheduled for one moment, all of them are sent", async () => {
    const ledger = testLedger(backend, { quota: 300 });
    const names = Array.from({ length: 250 }, (_, i) => `u${i}`);
    for (const from of [0, 100, 200])
      await ledger.accept(names.slice(from, from + 100), { sendAfter: midNovember + minute });
    ledger.time.now += minute;
    let sent = 0;
    for (let sweeps = 0; sweeps < 20 && (await ledger.readSweepState()).sends; sweeps++) {
      const leases = await ledger.leaseDue("send", 40);
      for (const lease of leases) await ledger.settle(lease, accepted(`ik-${lease.purgeId}`));
      sent += leases.length;
      await expectSound();
    }
    expect(sent).toBe(250);
  });

  test("cancelling a scheduled purge frees its unit and leaves nothing to wake for", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { sendAfter: nextWeek });
    await ledger.accept(["a"], { sendAfter: nextWeek, actor: "cms" });
    const [id = ""] = ids;
    await ledger.cancel(id, shop);
    expect(await ledger.stateOf(id)).toBe("queued");
    expect(await ledger.cancel(id, { actor: "cms", scope: "own-batches" })).toMatchObject({
      outcome: "done",
    });
    expect(await ledger.readBudget()).toMatchObject({ reserved: 0, spent: 0 });
    expect(await backend.raw.exists("test:1:scheduled", "test:1:wake")).toBe(0);
    expect((await ledger.accept(["a"], { sendAfter: nextWeek })).batch.units).toBe(1);
    await expectSound();
  });

  test("a scheduled purge that ImageKit put off, or whose answer was lost, is sent again like any other", async () => {
    const ledger = testLedger(backend);
    const sendAfter = midNovember + minute;
    await ledger.accept(["a", "b"], { sendAfter });
    ledger.time.now = sendAfter;
    const [put, lost] = await ledger.leaseDue("send");
    await ledger.settle(put, throttled);
    await ledger.settle(lost, timedOut);
    await expectSound();
    ledger.time.now += 2 * second;
    expect(await dueIds(ledger)).toEqual([put?.purgeId]);
    ledger.time.now += minute;
    expect(await dueIds(ledger)).toContain(lost?.purgeId);
    await expectSound();
  });

  test("scheduled purges can be listed, queued or held, and health counts those that wait for their time", async () => {
    const ledger = testLedger(backend, { quota: 3 });
    await ledger.accept(["now"]);
    const { ids } = await ledger.accept(["a", "b"], { sendAfter: nextWeek });
    const held = await ledger.accept(["held"], { sendAfter: nextWeek, onExhausted: "hold" });
    await ledger.accept(["held-now"], { onExhausted: "hold" });
    const listed = async () =>
      (await ledger.listPurges({ state: "scheduled", limit: 10 })).purges.map(({ id }) => id).toSorted();
    expect(await listed()).toEqual([...ids, ...held.ids].toSorted());
    expect(await ledger.health()).toMatchObject({ scheduled: 2, open: { queued: 3, held: 2 } });
    ledger.time.now = nextWeek;
    expect(await listed()).toEqual([]);
    expect((await ledger.health()).scheduled).toBe(0);
  });

  test("audits and repairs of a ledger with scheduled purges find nothing, before and at their time", async () => {
    const ledger = testLedger(backend);
    await ledger.correct({ external: 0, actor: "admin" });
    const { ids } = await ledger.accept(["a", "b"], { sendAfter: nextWeek });
    for (const now of [midNovember, nextWeek - 1, nextWeek]) {
      ledger.time.now = now;
      await ledger.audit();
      await ledger.repair();
      expect(await ledger.alarmCodes()).toEqual([]);
      await expectSound();
    }
    expect(await dueIds(ledger)).toEqual(ids);
  });

  test("a scheduled purge completes like any other, and stays marked as scheduled", async () => {
    const ledger = testLedger(backend);
    const { ids, batch } = await ledger.accept(["a"], { sendAfter: nextWeek });
    ledger.time.now = nextWeek;
    await ledger.settle((await ledger.leaseDue("send"))[0], accepted("ik"));
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({ state: "completed", isScheduled: true });
    expect(await ledger.readBatch(batch.id)).toMatchObject({ done: true });
    await expectSound();
  });
});
