import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  minute,
  refused,
  second,
  testLedger,
  throttled,
  timedOut,
  unsent,
} from "../support/test-ledger.ts";

const urls = (count: number, prefix = "u") => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describeLedger("budget and months", (backend) => {
  test("G3: a batch that does not fit is refused whole, and nothing of it is written", async () => {
    const ledger = testLedger(backend, { quota: 3 });
    await ledger.accept(["a", "b"]);
    expect(await ledger.submit(["c", "d"])).toMatchObject({
      outcome: "exhausted",
      units: 2,
      budget: { quota: 3, reserved: 2, available: 1 },
    });
    expect((await ledger.listPurges({ limit: 10 })).purges).toHaveLength(2);
    expect(await ledger.submit(["c", "a"])).toMatchObject({ outcome: "reserved" });
  });

  test("G3: the safety margin is never spent", async () => {
    const ledger = testLedger(backend, { quota: 3, margin: 1 });
    expect(await ledger.readBudget()).toMatchObject({ quota: 3, margin: 1, available: 2 });
    expect(await ledger.submit(["a", "b", "c"])).toMatchObject({ outcome: "exhausted" });
    await ledger.accept(["a", "b"]);
  });

  test("G3: concurrent reservations grant exactly what is left", async () => {
    // Three hundred of them, from processes of their own: test/chaos/last-units.test.ts.
    const { callers, left } =
      backend.kind === "redis-server" ? { callers: 120, left: 100 } : { callers: 30, left: 25 };
    const instances = Array.from({ length: 3 }, () => testLedger(backend, { quota: 1_000 }));
    await instances[0]?.correct({ external: 1_000 - left, actor: "admin" });
    const replies = await Promise.all(
      urls(callers).map((name, i) => instances[i % 3]?.submit([name], { wave: i % 2 })),
    );
    expect(replies.filter((reply) => reply?.outcome === "reserved")).toHaveLength(left);
    expect(replies.filter((reply) => reply?.outcome === "exhausted")).toHaveLength(callers - left);
    const budget = await instances[1]?.readBudget();
    expect(budget?.available).toBe(0);
    expect((budget?.spent ?? 0) + (budget?.reserved ?? 0)).toBe(left);
  });

  test("a plan says what is left and writes nothing", async () => {
    const ledger = testLedger(backend, { quota: 3 });
    await ledger.accept(["a"]);
    const { budget } = await ledger.plan({ actor: "shop", urls: urls(100) });
    expect(budget).toMatchObject({ available: 2, reserved: 1 });
    expect(await ledger.readBudget()).toEqual(budget);
  });

  test("spent units stay in their month; the next one begins full, less what is still reserved", async () => {
    const ledger = testLedger(backend, { quota: 10 }, Date.parse("2026-11-30T23:50:00.000Z"));
    await ledger.accept(urls(6), { wave: 4 });
    await ledger.correct({ external: 3, actor: "admin" });
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-11", spent: 4, reserved: 2, external: 3 });
    ledger.time.now = Date.parse("2026-12-01T00:00:00.000Z");
    expect(await ledger.readBudget()).toMatchObject({
      month: "2026-12",
      spent: 0,
      reserved: 2,
      external: 0,
      available: 8,
      resetsAt: Date.parse("2027-01-01T00:00:00.000Z"),
    });
    expect(await ledger.submit(urls(9, "v"))).toMatchObject({ outcome: "exhausted" });
    await ledger.accept(urls(8, "v"));
  });

  test("a unit goes back to the month in which its send was leased", async () => {
    const ledger = testLedger(backend, {}, Date.parse("2026-11-30T23:59:00.000Z"));
    const { leases } = await ledger.accept(["a", "b", "c"], { wave: 3 });
    ledger.time.now += minute;
    await ledger.settle(leases[0], refused);
    await ledger.settle(leases[1], throttled);
    await ledger.settle(leases[2], unsent);
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", spent: 0, reserved: 2 });
    ledger.time.now += 2 * second;
    expect(await ledger.leaseDue("send")).toHaveLength(2);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
    const november = await backend.raw.hgetall(`test:1:month:${Date.parse("2026-11-01T00:00:00.000Z")}`);
    expect(november).toMatchObject({ spent: "0", "actor:shop": "0" });
  });

  test.each([
    { result: refused, december: { spent: 0, reserved: 0 } },
    { result: throttled, december: { spent: 0, reserved: 1 } },
  ])(
    "a resend that came to nothing ($result.outcome) frees the unit of its own month, not that of the first send",
    async ({ result, december }) => {
      const ledger = testLedger(backend, {}, Date.parse("2026-11-30T23:59:00.000Z"));
      await ledger.settle(await ledger.send("a"), timedOut);
      ledger.time.now += minute;
      const [resend] = await ledger.leaseDue("send");
      expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", spent: 1, reserved: 0 });
      await ledger.settle(resend, result);
      expect(await ledger.readBudget()).toMatchObject(december);
      const november = await backend.raw.hgetall(`test:1:month:${Date.parse("2026-11-01T00:00:00.000Z")}`);
      expect(november).toMatchObject({ spent: "1", "actor:shop": "1" });
    },
  );

  test("G3: units that come back after the turn of the month exceed no quota when they are leased again", async () => {
    const ledger = testLedger(backend, { quota: 2 }, Date.parse("2026-11-30T23:59:00.000Z"));
    const { leases } = await ledger.accept(["a", "b"], { wave: 2 });
    ledger.time.now += minute;
    await ledger.accept(["c", "d"]);
    for (const lease of leases) await ledger.settle(lease, unsent);
    expect(await ledger.readBudget()).toMatchObject({ reserved: 4, available: -2 });
    const again = await ledger.leaseDue("send");
    expect(again).toHaveLength(2);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0, held: 2, available: 0 });
  });

  test.each([
    { timeZone: "UTC", resetDay: 1, last: "2026-11-30T23:59:59.999Z" },
    { timeZone: "America/Sao_Paulo", resetDay: 1, last: "2026-12-01T02:59:59.999Z" },
    { timeZone: "Europe/Berlin", resetDay: 31, last: "2026-11-29T22:59:59.999Z" },
    { timeZone: "Asia/Kolkata", resetDay: 20, last: "2026-11-19T18:29:59.999Z" },
  ])("the month turns at midnight of day $resetDay in $timeZone", async ({ timeZone, resetDay, last }) => {
    const ledger = testLedger(backend, { timeZone, resetDay, quota: 1 }, Date.parse(last) - minute);
    await ledger.settle(await ledger.send("a"), accepted("ik1"));
    ledger.time.now = Date.parse(last);
    expect(await ledger.submit(["b"])).toMatchObject({ outcome: "exhausted" });
    ledger.time.now += 1;
    expect(await ledger.submit(["b"])).toMatchObject({ outcome: "reserved" });
  });

  test("a changed reset day applies from the next period: the one in force keeps its end", async () => {
    const ledger = testLedger(backend, { quota: 5 });
    await ledger.accept(["a"], { wave: 1 });
    const changed = testLedger(backend, { quota: 5, resetDay: 20 }, 0, ledger);
    ledger.time.now = Date.parse("2026-11-25T00:00:00.000Z");
    expect(await changed.readBudget()).toMatchObject({
      spent: 1,
      resetsAt: Date.parse("2026-12-01T00:00:00.000Z"),
    });
    ledger.time.now = Date.parse("2026-12-01T00:00:00.000Z");
    await changed.accept(["b"], { wave: 1 });
    expect(await changed.readBudget()).toMatchObject({
      spent: 1,
      resetsAt: Date.parse("2026-12-20T00:00:00.000Z"),
    });
    expect((await changed.readMonth()).startsAt).toBe(Date.parse("2026-12-01T00:00:00.000Z"));
    ledger.time.now = Date.parse("2026-12-20T00:00:00.000Z");
    expect(await changed.readBudget()).toMatchObject({
      spent: 0,
      resetsAt: Date.parse("2027-01-20T00:00:00.000Z"),
    });
  });

  test("a clock that goes back stays in the month in force", async () => {
    const ledger = testLedger(backend, {}, Date.parse("2026-12-01T00:00:00.000Z"));
    await ledger.accept(["a"], { wave: 1 });
    ledger.time.now -= second;
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", spent: 1 });
  });

  test("an ended month keeps what came late, and still ends with its retention", async () => {
    const ledger = testLedger(backend, { retentionDays: 30 }, Date.parse("2026-12-31T23:59:00.000Z"));
    const lease = await ledger.send("a");
    ledger.time.now += minute;
    const key = `test:1:month:${Date.parse("2026-12-01T00:00:00.000Z")}`;
    await backend.raw.del(key);
    await backend.raw.hset(
      key,
      "spent",
      1,
      `day:${Math.floor((ledger.time.now - minute) / 86_400_000)}`,
      1,
      "actor:shop",
      1,
    );
    await ledger.settle(lease, refused);
    expect(await backend.raw.pttl(key)).toBeGreaterThan(0);
  });
});
