import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { describeOn } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import {
  accepted,
  hour,
  midNovember,
  minute,
  testLedger,
  timedOut,
  untraceable,
} from "../support/test-ledger.ts";

describeLedger("health and alarms", (backend) => {
  test("health counts what is open by state, shows the latest sweep, and writes nothing", async () => {
    const ledger = testLedger(backend, { quota: 4 });
    await ledger.pend("a");
    await ledger.settle(await ledger.send("b"), timedOut);
    await ledger.accept(["c", "d", "e"], { onExhausted: "hold", wave: 1 });
    await ledger.recordHeartbeat();
    const before = await redisContent(backend.raw);
    expect(await ledger.health()).toMatchObject({
      now: midNovember,
      open: { pending: 1, unknown: 1, sending: 1, queued: 1, held: 1 },
      sweptAt: midNovember,
      alarms: [],
    });
    expect(await redisContent(backend.raw)).toEqual(before);
  });

  test("G4: without a free unit an unknown stays unknown, with an alarm until it is resent", async () => {
    const ledger = testLedger(backend, { quota: 2 });
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    await ledger.accept(["b"]);
    ledger.time.now += minute;
    await ledger.leaseDue("send", 0);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "unknown", units: 1 });
    expect((await ledger.health()).alarms).toMatchObject([
      { code: "resend-without-budget", since: midNovember + minute },
    ]);
    const raised = testLedger(backend, { quota: 3 }, 0, ledger);
    ledger.time.now += 5 * minute;
    await raised.leaseDue("send", 0);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "queued", units: 2 });
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("the alarm of a resend without budget lasts until the last of several purges has its unit", async () => {
    const ledger = testLedger(backend, { quota: 2 });
    const { leases, ids } = await ledger.accept(["a", "b"], { wave: 2 });
    for (const lease of leases) await ledger.settle(lease, timedOut);
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    await ledger.close(ids[0] ?? "", "admin");
    expect(await ledger.alarmCodes()).toEqual(["resend-without-budget"]);
    await ledger.close(ids[1] ?? "", "admin");
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("the alarm of a resend without budget ends when the late answer comes", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    const lease = await ledger.send("a");
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    expect(await ledger.alarmCodes()).toEqual(["resend-without-budget"]);
    await ledger.settle(lease, accepted("ik-late"));
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("a resend that lacked a unit is looked at again when the month turns", async () => {
    const ledger = testLedger(backend, { quota: 1 }, Date.parse("2026-11-30T23:56:00.000Z"));
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    expect((await ledger.purge(lease.purgeId)).nextCheckAt).toBe(Date.parse("2026-12-01T00:00:00.000Z"));
    ledger.time.now = Date.parse("2026-12-01T00:00:00.000Z");
    expect(await ledger.leaseDue("send")).toHaveLength(1);
  });

  test("a 2xx without a request id is unknown, is never resent by itself, and an operator is told", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, untraceable);
    for (let i = 0; i < 30; i++) {
      ledger.time.now += hour;
      expect(await ledger.leaseDue("send")).toEqual([]);
    }
    expect(await ledger.purge(lease.purgeId)).toMatchObject({
      state: "unknown",
      units: 1,
      attempts: 1,
      error: { code: "no-request-id" },
    });
    expect(await ledger.alarmCodes()).toEqual(["unknown-not-resent"]);
  });
});

describeOn("redis-server", "a redis-server that evicts", (backend) => {
  test("health names the eviction policy of a redis-server", async () => {
    expect((await testLedger(backend).health()).eviction).toBe("noeviction");
    await backend.raw.config("SET", "maxmemory-policy", "allkeys-lru");
    try {
      expect((await testLedger(backend).health()).eviction).toBe("allkeys-lru");
    } finally {
      await backend.raw.config("SET", "maxmemory-policy", "noeviction");
    }
  });

  test("health asks for the eviction policy once an hour, and a Redis that refuses to tell is no failure", async () => {
    await backend.raw.call("ACL", "SETUSER", "default", "-info");
    try {
      const ledger = testLedger(backend);
      expect(await ledger.health()).toMatchObject({ eviction: undefined, alarms: [] });
      const before = backend.bridge.counts().roundTrips;
      await ledger.health();
      expect(backend.bridge.counts().roundTrips - before).toBe(1);
    } finally {
      await backend.raw.call("ACL", "SETUSER", "default", "+info");
    }
  });
});
