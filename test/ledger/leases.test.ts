import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  hour,
  midNovember,
  minute,
  second,
  sendLease,
  settlementOf,
  testLedger,
  throttled,
  timedOut,
  unauthorized,
  unexpected,
  unreachable,
  unsent,
  untraceable,
} from "../support/test-ledger.ts";

describeLedger("leases", (backend) => {
  test("two sweeps at once never get the same purge", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(Array.from({ length: 30 }, (_, i) => `u${i}`));
    const waves = await Promise.all(Array.from({ length: 6 }, () => ledger.leaseDue("send", 10)));
    const ids = waves.flat().map(({ purgeId }) => purgeId);
    expect(ids).toHaveLength(30);
    expect(new Set(ids).size).toBe(30);
  });

  test("a lease request gets the purges that it names, in that order, and no more than it asks for", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b", "c", "d"]);
    const [a = "", b = "", c = ""] = ids;
    const reply = await ledger.ask("send", 2, [c, a, b]);
    expect(reply.leases.map(({ purgeId }) => purgeId)).toEqual([c, a]);
    expect(reply.retryInMs).toBe(0);
    expect(await ledger.ask("send", 2, [a, c])).toMatchObject({ leases: [], retryInMs: undefined });
  });

  test("the purge that is due longest is leased first, and one that is not due is not leased", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.send("first");
    await ledger.settle(first, unreachable);
    const { ids } = await ledger.accept(["second"]);
    expect((await ledger.ask("send")).leases.map(({ purgeId }) => purgeId)).toEqual(ids);
    const reply = await ledger.ask("send");
    expect(reply).toMatchObject({ leases: [], retryInMs: 5 * second });
    ledger.time.now += 5 * second;
    expect((await ledger.leaseDue("send"))[0]?.purgeId).toBe(first.purgeId);
  });

  test("a lease request with nothing to send gets nothing, and no time to ask again", async () => {
    const ledger = testLedger(backend);
    expect(await ledger.ask("send")).toEqual({ leases: [], retryInMs: undefined, batch: undefined });
    expect(await ledger.ask("poll")).toEqual({ leases: [], retryInMs: undefined, batch: undefined });
  });

  test("G4: sending whose lease ran out becomes unknown, never queued, and its unit stays spent", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    ledger.time.now += minute - 1;
    await ledger.leaseDue("send");
    expect(await ledger.stateOf(lease.purgeId)).toBe("sending");
    ledger.time.now += 1;
    expect(await ledger.leaseDue("send")).toEqual([]);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({
      state: "unknown",
      units: 1,
      attempts: 1,
      error: { code: "answer-lost" },
      nextCheckAt: midNovember + 2 * minute,
    });
  });

  test("G4: an unknown is resent once, after 60 s, with a second unit charged before it leaves", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    ledger.time.now += minute - 1;
    expect(await ledger.leaseDue("send")).toEqual([]);
    ledger.time.now += 1;
    const [resend] = await ledger.leaseDue("send");
    expect(resend?.purgeId).toBe(lease.purgeId);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "sending", units: 2, attempts: 2 });
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
    await ledger.settle(resend, timedOut);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "abandoned", units: 2 });
    ledger.time.now += 24 * hour;
    expect(await ledger.leaseDue("send")).toEqual([]);
    expect((await ledger.purge(lease.purgeId)).timeline.map(({ state }) => state)).toEqual([
      "queued",
      "sending",
      "unknown",
      "queued",
      "sending",
      "abandoned",
    ]);
  });

  test.each([throttled, unauthorized, unexpected, unreachable, unsent])(
    "G4: a resend that came back ($outcome) and goes out again is still the last",
    async (result) => {
      const ledger = testLedger(backend);
      const lease = await ledger.send("a");
      await ledger.settle(lease, timedOut);
      ledger.time.now += minute;
      await ledger.settle((await ledger.leaseDue("send"))[0], result);
      expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "queued", units: 2 });
      ledger.time.now += 3 * minute;
      await ledger.settle((await ledger.leaseDue("send"))[0], timedOut);
      expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "abandoned", units: 2 });
      ledger.time.now += hour;
      expect(await ledger.leaseDue("send")).toEqual([]);
    },
  );

  test("G4: a resend whose lease runs out is given up, both units spent", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "abandoned", units: 2 });
    expect(await ledger.readBudget()).toMatchObject({ spent: 2 });
  });

  test("G4: PURGE_RESEND_UNKNOWN=never leaves an unknown to an operator, with an alarm until it is dealt with", async () => {
    const ledger = testLedger(backend, { resendUnknown: "never" });
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    ledger.time.now += 48 * hour;
    expect(await ledger.leaseDue("send")).toEqual([]);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "unknown", units: 1 });
    expect(await ledger.alarmCodes()).toEqual(["unknown-not-resent"]);
    await ledger.close(lease.purgeId, "admin");
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("expired leases are seen to even while nothing may be sent", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a", "b"], { wave: 2 });
    await ledger.settle(leases[0], { outcome: "unauthorized", status: 403, message: "no" });
    ledger.time.now += minute;
    expect(await ledger.leaseDue("send")).toEqual([]);
    expect(await ledger.stateOf(sendLease(leases[1]).purgeId)).toBe("unknown");
  });

  test("more pauses that are over than one script sees to are all seen to by the following ones", async () => {
    const ledger = testLedger(backend, { quota: 300 });
    const { ids } = await ledger.accept(Array.from({ length: 110 }, (_, i) => `u${i}`));
    for (let i = 0; i < 3; i++) {
      const settlements = (await ledger.leaseDue("send", 40)).map((lease) =>
        settlementOf(lease, untraceable),
      );
      await ledger.advance({ settlements });
    }
    ledger.time.now += hour;
    await ledger.leaseDue("send");
    await ledger.leaseDue("send");
    const { purges } = await ledger.listPurges({ limit: 200 });
    expect(purges.map(({ nextCheckAt }) => nextCheckAt)).toEqual(ids.map(() => ledger.time.now + hour));
  });

  test("no send is leased that would outlive the month; the last one that fits is", async () => {
    const lastMinute = Date.parse("2026-11-30T23:59:00.000Z");
    const ledger = testLedger(backend, {}, lastMinute);
    expect((await ledger.accept(["a"], { wave: 1 })).leases).toHaveLength(1);
    ledger.time.now += 1;
    expect(await ledger.accept(["b"], { wave: 1 })).toMatchObject({ leases: [], retryInMs: minute - 1 });
    ledger.time.now += minute - 1;
    expect(await ledger.leaseDue("send")).toHaveLength(1);
    expect(await ledger.readBudget()).toMatchObject({ month: "2026-12", spent: 1 });
  });

  test("a purge that waits for its status check is not sent again", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, accepted("ik1"));
    expect(await ledger.ask("send", 5, [lease.purgeId])).toMatchObject({ leases: [], retryInMs: undefined });
  });
});
