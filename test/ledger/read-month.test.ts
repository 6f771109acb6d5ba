import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { redisContent } from "../support/redis-content.ts";
import {
  accepted,
  day,
  hour,
  midNovember,
  minute,
  refused,
  second,
  testLedger,
  throttled,
  timedOut,
  unsent,
} from "../support/test-ledger.ts";

const on = (date: string) => Date.parse(`${date}T00:00:00.000Z`);

describeLedger("the month", (backend) => {
  test("a ledger that has seen nothing yet has a month all the same, and reading it writes nothing", async () => {
    const ledger = testLedger(backend);
    expect(await ledger.readMonth()).toEqual({
      now: midNovember,
      startsAt: on("2026-11-01"),
      budget: await ledger.readBudget(),
      days: [],
      actors: [],
      corrections: [],
    });
    expect(await redisContent(backend.raw)).toEqual({});
  });

  test("a month lists units by UTC day and by actor, most first", async () => {
    const ledger = testLedger(backend, {}, Date.parse("2026-11-14T23:59:59.999Z"));
    await ledger.accept(["a", "b"], { wave: 2, actor: "shop" });
    ledger.time.now += 1;
    await ledger.accept(["c", "d", "e"], { wave: 3, actor: "cms" });
    ledger.time.now += 2 * day;
    await ledger.accept(["f"], { wave: 1, actor: "anna" });
    expect(await ledger.readMonth()).toMatchObject({
      budget: { spent: 6, reserved: 0 },
      days: [
        { at: on("2026-11-14"), units: 2 },
        { at: on("2026-11-15"), units: 3 },
        { at: on("2026-11-17"), units: 1 },
      ],
      actors: [
        { name: "cms", units: 3 },
        { name: "shop", units: 2 },
        { name: "anna", units: 1 },
      ],
    });
  });

  test("actors with equal units are in the order of their names", async () => {
    const ledger = testLedger(backend);
    for (const actor of ["zoe", "anna", "shop-2"]) await ledger.accept([actor], { wave: 1, actor });
    expect((await ledger.readMonth()).actors.map(({ name }) => name)).toEqual(["anna", "shop-2", "zoe"]);
  });

  test("a unit that is only reserved is on no day of the month yet", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a", "b"]);
    expect(await ledger.readMonth()).toMatchObject({ budget: { reserved: 2 }, days: [], actors: [] });
  });

  test.each([
    ["refused", refused],
    ["throttled", throttled],
    ["handed back unsent", unsent],
  ] as const)(
    "a unit that comes back (%s) is subtracted from the day on which it was leased",
    async (_, result) => {
      const ledger = testLedger(backend, {}, Date.parse("2026-11-14T23:59:30.000Z"));
      const { leases } = await ledger.accept(["a", "b"], { wave: 2 });
      ledger.time.now += minute - 15 * second;
      await ledger.accept(["c"], { wave: 1, actor: "cms" });
      await ledger.settle(leases[0], result);
      await ledger.settle(leases[1], accepted("ik1"));
      const { days, actors, budget } = await ledger.readMonth();
      expect(days).toEqual([
        { at: on("2026-11-14"), units: 1 },
        { at: on("2026-11-15"), units: 1 },
      ]);
      expect(actors).toEqual([
        { name: "cms", units: 1 },
        { name: "shop", units: 1 },
      ]);
      expect(budget.spent).toBe(2);
    },
  );

  test("a day or an actor whose units all came back is not listed", async () => {
    const ledger = testLedger(backend);
    await ledger.settle(await ledger.send("a"), refused);
    expect(await ledger.readMonth()).toMatchObject({ days: [], actors: [], budget: { spent: 0 } });
  });

  test("G4: a resend counts on its own day, beside the send whose outcome is unknown", async () => {
    const ledger = testLedger(backend, {}, Date.parse("2026-11-14T23:59:30.000Z"));
    await ledger.settle(await ledger.send("a"), timedOut);
    ledger.time.now += 2 * minute;
    expect(await ledger.leaseDue("send")).toHaveLength(1);
    expect(await ledger.readMonth()).toMatchObject({
      days: [
        { at: on("2026-11-14"), units: 1 },
        { at: on("2026-11-15"), units: 1 },
      ],
      actors: [{ name: "shop", units: 2 }],
    });
  });

  test("a month lists its corrections newest first, with actor, time and reason", async () => {
    const ledger = testLedger(backend);
    await ledger.correct({ external: 40, reason: "dashboard <b>", actor: "anna" });
    ledger.time.now += hour;
    await ledger.correct({ external: 0, actor: "admin" });
    const { corrections, budget } = await ledger.readMonth();
    expect(budget.external).toBe(0);
    expect(corrections).toEqual([
      { at: midNovember + hour, external: 0, actor: "admin" },
      { at: midNovember, external: 40, reason: "dashboard <b>", actor: "anna" },
    ]);
  });

  test("a correction whose reply was lost is listed once, and of many corrections the latest hundred are", async () => {
    const ledger = testLedger(backend);
    await ledger.correct({ external: 1, actor: "admin" });
    let lost = 0;
    backend.bridge.setFault(() => (lost++ === 0 ? "lose-reply" : "pass"));
    await ledger.correct({ external: 2, actor: "admin" });
    backend.bridge.setFault(undefined);
    expect((await ledger.readMonth()).corrections.map(({ external }) => external)).toEqual([2, 1]);
    for (let external = 3; external <= 110; external++) await ledger.correct({ external, actor: "admin" });
    const { corrections } = await ledger.readMonth();
    expect([corrections.length, corrections[0]?.external, corrections.at(-1)?.external]).toEqual([
      100, 110, 11,
    ]);
  });

  test("the turn of the month begins a new page; what comes back late is taken off the old one", async () => {
    const ledger = testLedger(backend, {}, Date.parse("2026-11-30T23:59:00.000Z"));
    const { leases } = await ledger.accept(["a", "b"], { wave: 2 });
    await ledger.correct({ external: 7, actor: "admin" });
    ledger.time.now = on("2026-12-01");
    expect(await ledger.readMonth()).toMatchObject({
      startsAt: on("2026-12-01"),
      budget: { month: "2026-12", spent: 0, external: 0, resetsAt: on("2027-01-01") },
      days: [],
      actors: [],
      corrections: [],
    });
    await ledger.settle(leases[0], refused);
    await ledger.accept(["c"], { wave: 1 });
    expect(await ledger.readMonth()).toMatchObject({
      budget: { spent: 1 },
      days: [{ at: on("2026-12-01"), units: 1 }],
      actors: [{ name: "shop", units: 1 }],
    });
  });

  test("in a zone ahead of UTC the period begins within a UTC day, which then stands in both months", async () => {
    const rule = { timeZone: "Europe/Berlin" } as const;
    const ledger = testLedger(backend, rule, Date.parse("2026-11-30T22:58:00.000Z"));
    await ledger.settle(await ledger.send("a"), accepted("ik1"));
    ledger.time.now = Date.parse("2026-11-30T23:00:00.000Z");
    await ledger.settle(await ledger.send("b"), accepted("ik2"));
    expect(await ledger.readMonth()).toMatchObject({
      startsAt: Date.parse("2026-11-30T23:00:00.000Z"),
      days: [{ at: on("2026-11-30"), units: 1 }],
    });
  });

  test("an actor named like a field of the month's record is told from it", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a"], { wave: 1, actor: "day:20000" });
    await ledger.accept(["b"], { wave: 1, actor: "spent" });
    expect(await ledger.readMonth()).toMatchObject({
      days: [{ at: on("2026-11-15"), units: 2 }],
      actors: [
        { name: "day:20000", units: 1 },
        { name: "spent", units: 1 },
      ],
    });
  });

  test("reading the month is one round trip, charged to the caller, and the same if its reply was lost", async () => {
    const ledger = testLedger(backend, { callerRate: { perSecond: 0.001, burst: 1 } });
    await ledger.accept(["a"], { wave: 1 });
    await ledger.readMonth();
    await backend.bridge.resetCounts();
    const once = await ledger.onBehalfOf({ caller: "shop" }).readMonth();
    expect(backend.bridge.counts().roundTrips).toBe(1);
    await expect(ledger.onBehalfOf({ caller: "shop" }).readMonth()).rejects.toThrow("too many calls");
    let lost = 0;
    backend.bridge.setFault(() => (lost++ === 0 ? "lose-reply" : "pass"));
    expect(await ledger.readMonth()).toEqual(once);
  });
});
