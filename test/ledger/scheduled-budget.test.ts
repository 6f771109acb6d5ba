import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { day, hour, midNovember, second, type TestLedger, testLedger } from "../support/test-ledger.ts";

const nextWeek = midNovember + 7 * day;
const turn = Date.parse("2026-12-01T00:00:00.000Z");
const shop = { actor: "shop", scope: "own-batches" } as const;

/** What a sweep would send now. */
const dueIds = async (ledger: TestLedger) => (await ledger.leaseDue("send")).map(({ purgeId }) => purgeId);

describeLedger("the budget of scheduled purges", (backend) => {
  const expectSound = async () => expect(await auditLedger(backend.raw, "test")).toEqual([]);

  test("a scheduled purge that was held is queued when there is budget, and still not sent early", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    const { ids } = await ledger.accept(["x"]);
    const held = await ledger.accept(["a"], { sendAfter: nextWeek, onExhausted: "hold" });
    expect(held.batch.purges).toMatchObject([{ state: "held", sendAt: nextWeek, units: 0 }]);
    await ledger.cancel(ids[0] ?? "", shop);
    expect(await dueIds(ledger)).toEqual([]);
    expect(await ledger.purge(held.ids[0] ?? "")).toMatchObject({ state: "queued", nextCheckAt: nextWeek });
    await expectSound();
    ledger.time.now = nextWeek;
    expect(await dueIds(ledger)).toEqual(held.ids);
  });

  test("G3: a lowered quota holds the purges that are due last, and a raised one schedules them again", async () => {
    const ledger = testLedger(backend, { quota: 3 });
    const now = await ledger.accept(["now"]);
    const soon = await ledger.accept(["soon"], { sendAfter: midNovember + hour });
    const later = await ledger.accept(["later"], { sendAfter: nextWeek });
    const states = () => Promise.all([now, soon, later].map(({ ids }) => ledger.stateOf(ids[0] ?? "")));
    await ledger.correct({ external: 1, actor: "admin" });
    expect(await states()).toEqual(["queued", "queued", "held"]);
    await ledger.correct({ external: 2, actor: "admin" });
    expect(await states()).toEqual(["queued", "held", "held"]);
    await expectSound();
    await ledger.correct({ external: 0, actor: "admin" });
    expect(await states()).toEqual(["queued", "queued", "queued"]);
    expect(await dueIds(ledger)).toEqual(now.ids);
    expect((await ledger.health()).scheduled).toBe(2);
    await expectSound();
  });

  test("G3: a purge scheduled beyond the month's end counts in the month in force until it is sent", async () => {
    const ledger = testLedger(backend, { quota: 2 });
    const sendAfter = turn + 10 * day;
    await ledger.accept(["a"], { sendAfter });
    await ledger.accept(["b"]);
    expect(await ledger.submit(["c"])).toMatchObject({ outcome: "exhausted" });
    ledger.time.now = turn;
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", reserved: 2, available: 0 });
    expect(await dueIds(ledger)).toHaveLength(1);
    ledger.time.now = sendAfter;
    expect(await dueIds(ledger)).toHaveLength(1);
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", spent: 2, reserved: 0 });
    await expectSound();
  });

  test("G3: a purge scheduled for the month's last seconds is sent in the next month, where its unit is spent", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a"], { sendAfter: turn - 10 * second });
    ledger.time.now = turn - 10 * second;
    expect(await dueIds(ledger)).toEqual([]);
    await expectSound();
    ledger.time.now = turn;
    expect(await dueIds(ledger)).toHaveLength(1);
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", spent: 1 });
  });
});
