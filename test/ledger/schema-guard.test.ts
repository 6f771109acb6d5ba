import { expect, test } from "vitest";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import {
  accepted,
  midNovember,
  minute,
  settlementOf,
  type TestLedger,
  testLedger,
} from "../support/test-ledger.ts";

describeOnEveryRedis("a ledger of a newer schema", (backend) => {
  const writes: Readonly<Record<string, (ledger: TestLedger) => Promise<unknown>>> = {
    reserve: (ledger) => ledger.submit(["b"]),
    advance: (ledger) => ledger.ask("send"),
    settle: (ledger) =>
      ledger.advance({
        settlements: [
          settlementOf({ lane: "send", purgeId: "p1", url: "", token: "l1", leasedAt: 0 }, accepted("ik1")),
        ],
      }),
    check: (ledger) => ledger.ask("check"),
    cancel: (ledger) => ledger.cancel("p1", { actor: "shop", scope: "every-batch" }),
    resend: (ledger) => ledger.resend("p1", "admin"),
    close: (ledger) => ledger.close("p1", "admin"),
    correct: (ledger) => ledger.correct({ external: 1, actor: "admin" }),
    changeProfile: (ledger) => ledger.changeProfile({ name: "shop", expectedVersion: 0, actor: "admin" }),
    prepare: (ledger) => ledger.prepare({}),
    health: (ledger) => ledger.health(),
    readBudget: (ledger) => ledger.readBudget(),
    readMonth: (ledger) => ledger.readMonth(),
    plan: (ledger) => ledger.plan({ actor: "shop", urls: ["https://x.test/a"] }),
  };

  test.each(Object.keys(writes))(
    "on a ledger of a newer schema %s is refused, and nothing is written",
    async (name) => {
      const ledger = testLedger(backend);
      await ledger.accept(["a"]);
      await backend.raw.hset("test:ledger", "schema", "2");
      const before = await redisContent(backend.raw);
      await expect(writes[name]?.(ledger)).rejects.toThrow("NEWERSCHEMA");
      expect(await redisContent(backend.raw)).toEqual(before);
    },
  );
});

describeOnEveryRedis("a ledger whose database was lost", (backend) => {
  test.each(["reserve", "settle"] as const)(
    "G1: a ledger whose database was lost raises an alarm at the next %s, until a correction",
    async (how) => {
      const ledger = testLedger(backend);
      const lease = await ledger.send("a");
      await backend.raw.flushall();
      ledger.time.now += minute;
      expect(await ledger.alarmCodes()).toEqual(["ledger-lost"]);
      if (how === "reserve") await ledger.accept(["b"]);
      else await ledger.settle(lease, accepted("ik1"));
      ledger.time.now += minute;
      const { alarms, createdAt } = await ledger.health();
      expect(alarms).toMatchObject([{ code: "ledger-lost", since: midNovember + minute }]);
      expect(createdAt).toBe(midNovember + minute);
      await ledger.correct({ external: 1, actor: "admin" });
      expect(await ledger.alarmCodes()).toEqual([]);
    },
  );

  test("after the correction, another instance that knew the lost ledger does not raise the alarm again", async () => {
    const first = testLedger(backend);
    const other = testLedger(backend, {}, midNovember, first);
    await first.accept(["a"]);
    await other.accept(["b"]);
    await backend.raw.flushall();
    first.time.now += minute;
    await first.correct({ external: 2, actor: "admin" });
    await other.accept(["c"]);
    expect(await other.alarmCodes()).toEqual([]);
    await backend.raw.flushall();
    first.time.now += minute;
    await other.accept(["d"]);
    expect(await other.alarmCodes()).toEqual(["ledger-lost"]);
  });

  test.each(["readBudget", "readMonth", "health", "plan", "readBatch"] as const)(
    "G1: an instance that only reads the new ledger of another (%s) still raises the alarm of the lost one",
    async (read) => {
      const knowing = testLedger(backend);
      await knowing.accept(["a"]);
      await backend.raw.flushall();
      knowing.time.now += minute;
      const { batch } = await testLedger(backend, {}, 0, knowing).accept(["b"]);
      if (read === "plan") await knowing.plan({ actor: "shop", urls: ["https://x.test/b"] });
      else if (read === "readBatch") await knowing.readBatch(batch.id);
      else await knowing[read]();
      await knowing.leaseDue("send");
      expect(await testLedger(backend, {}, 0, knowing).alarmCodes()).toEqual(["ledger-lost"]);
    },
  );

  test("a new ledger has no alarm, and says that its first month is not known", async () => {
    const ledger = testLedger(backend);
    expect(await ledger.health()).toMatchObject({ firstMonth: true, externalStated: false, alarms: [] });
    await ledger.accept(["a"]);
    expect(await ledger.health()).toMatchObject({ firstMonth: true, createdAt: midNovember, alarms: [] });
    await ledger.correct({ external: 0, actor: "admin" });
    expect(await ledger.health()).toMatchObject({ externalStated: true });
    ledger.time.now += 30 * 24 * 60 * minute;
    expect(await ledger.health()).toMatchObject({ firstMonth: false, externalStated: false });
  });
});
