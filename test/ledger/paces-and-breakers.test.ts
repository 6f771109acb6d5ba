import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  hour,
  midNovember,
  minute,
  pending,
  second,
  settlementOf,
  testLedger,
  throttled,
  unauthorized,
  unexpected,
  unreachable,
  unsent,
} from "../support/test-ledger.ts";

describeLedger("paces and breakers", (backend) => {
  test.each([
    { resetMs: 2_500, pauseMs: 2_500 },
    { resetMs: 1, pauseMs: second },
    { resetMs: -5, pauseMs: second },
    { resetMs: 3 * hour, pauseMs: minute },
    { resetMs: undefined, pauseMs: 10 * second },
  ])("a 429 with Reset $resetMs stops every sender for $pauseMs ms", async ({ resetMs, pauseMs }) => {
    const ledger = testLedger(backend);
    const other = testLedger(backend, {}, 0, ledger);
    const lease = await ledger.send("a");
    await ledger.settle(lease, { outcome: "throttled", resetMs, message: "slow down" });
    await ledger.accept(["b"]);
    expect(await other.ask("send")).toMatchObject({ leases: [], retryInMs: pauseMs });
    expect(await other.accept(["c"], { wave: 1 })).toMatchObject({ leases: [], retryInMs: pauseMs });
    ledger.time.now += pauseMs - 1;
    expect(await other.leaseDue("send")).toEqual([]);
    ledger.time.now += 1;
    expect(await other.leaseDue("send")).toHaveLength(3);
  });

  test("neither a call that was answered before nor a shorter pause lifts the pause of a 429", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a", "b", "c", "d"], { wave: 3 });
    await ledger.settle(leases[0], { outcome: "throttled", resetMs: 30_000, message: "" });
    await ledger.settle(leases[1], accepted("ik1"));
    await ledger.settle(leases[2], { outcome: "throttled", resetMs: 2_000, message: "" });
    expect(await ledger.ask("send")).toMatchObject({ leases: [], retryInMs: 30 * second });
  });

  test.each([throttled, unauthorized])("sends stopped by $outcome never hold up polls", async (result) => {
    const ledger = testLedger(backend);
    await ledger.pend("polled");
    await ledger.settle(await ledger.send("a"), result);
    ledger.time.now += 5 * second - 3_500;
    ledger.time.now += 3_500;
    expect(await ledger.leaseDue("poll")).toHaveLength(1);
  });

  test("polls stopped by 429 or 401 never hold up sends", async () => {
    const ledger = testLedger(backend);
    await ledger.pend("polled");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], unauthorized);
    await ledger.accept(["a"]);
    expect(await ledger.leaseDue("send")).toHaveLength(1);
    ledger.time.now += 5 * second;
    expect(await ledger.ask("poll")).toMatchObject({ leases: [], retryInMs: 3 * minute - 5 * second });
    expect(await ledger.alarmCodes()).toEqual(["credentials-poll"]);
  });

  test("401 opens the breaker: one probe every 3 minutes, nothing lost; the first one taken closes it", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a", "b", "c"], { wave: 1 });
    await ledger.settle(leases[0], unauthorized);
    expect(await ledger.ask("send")).toMatchObject({ leases: [], retryInMs: 3 * minute });
    ledger.time.now += 3 * minute;
    const [probe, ...others] = await ledger.leaseDue("send");
    expect(others).toEqual([]);
    expect(await ledger.leaseDue("send")).toEqual([]);
    await ledger.settle(probe, { ...unauthorized, status: 403 });
    ledger.time.now += 3 * minute - 1;
    expect(await ledger.leaseDue("send")).toEqual([]);
    const health = await ledger.health();
    expect(health.send).toMatchObject({ blockedBy: 403, blockedSince: midNovember });
    expect(health.alarms).toMatchObject([{ code: "credentials-send", since: midNovember }]);
    ledger.time.now += 1;
    await ledger.settle((await ledger.leaseDue("send"))[0], accepted("ik1"));
    expect(await ledger.leaseDue("send")).toHaveLength(2);
    expect(await ledger.alarmCodes()).toEqual([]);
    expect((await ledger.health()).send.blockedBy).toBeUndefined();
    expect(await ledger.readBudget()).toMatchObject({ spent: 3, reserved: 0 });
  });

  test("429 for an hour is an alarm that names the likely cause and the correction, until a call is taken", async () => {
    const ledger = testLedger(backend);
    await ledger.settle(await ledger.send("a"), throttled);
    for (let at = 0; at < 10; at++) {
      ledger.time.now += 6 * minute - 6 * second;
      await ledger.settle((await ledger.leaseDue("send"))[0], throttled);
    }
    expect(await ledger.alarmCodes()).toEqual([]);
    ledger.time.now += minute;
    const [alarm] = (await ledger.health()).alarms;
    expect(alarm).toMatchObject({ code: "throttled-send", since: midNovember });
    expect(alarm?.message).toMatch(/quota.*elsewhere.*correction/s);
    await ledger.settle((await ledger.leaseDue("send"))[0], accepted("ik1"));
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("once 429 has lasted two minutes, one call at a time is tried until one is taken", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a", "b", "c", "d", "e"], { wave: 1 });
    await ledger.settle(leases[0], { ...throttled, resetMs: 30_000 });
    ledger.time.now += 2 * minute - 1;
    expect(await ledger.leaseDue("send", 2)).toHaveLength(2);
    ledger.time.now += 1;
    const [refused, ...others] = await ledger.leaseDue("send");
    expect(others).toEqual([]);
    await ledger.settle(refused, throttled);
    ledger.time.now += throttled.resetMs;
    const [taken, ...more] = await ledger.leaseDue("send");
    expect(more).toEqual([]);
    await ledger.settle(taken, accepted("ik"));
    expect(await ledger.leaseDue("send")).toHaveLength(2);
  });

  test.each([throttled, unauthorized])(
    "the longer $outcome lasts, the less often a send is tried",
    async (result) => {
      const ledger = testLedger(backend);
      await ledger.settle(await ledger.send("a"), result);
      const triedAt: number[] = [];
      // Sweeps come each minute. Those in which a lane rests are left out, but for the last one before each try.
      for (let at = 1; at <= 4 * 60; ) {
        ledger.time.now = midNovember + at * minute;
        const { leases, retryInMs = 0 } = await ledger.ask("send");
        if (leases[0]) {
          triedAt.push(at);
          await ledger.settle(leases[0], result);
        }
        at += Math.max(1, Math.ceil(retryInMs / minute) - 1);
      }
      const pauses = triedAt.slice(1).map((at, i) => at - (triedAt[i] ?? 0));
      expect(pauses.at(0)).toBe(result === throttled ? 1 : 3);
      expect(triedAt.filter((at) => at > 60 && at <= 90).length).toBeLessThanOrEqual(4);
      expect(pauses.slice(-4)).toEqual([15, 15, 15, 15]);
      for (const lane of ["send", "poll", "check"] as const) expect(await ledger.leaseDue(lane)).toEqual([]);
      expect(await ledger.isResting()).toBe(true);
      ledger.time.now += 15 * minute;
      expect(await ledger.isResting(), "never past its next try").toBe(false);
      await ledger.settle((await ledger.leaseDue("send"))[0], accepted("ik"));
      expect(await ledger.alarmCodes()).toEqual([]);
    },
  );

  test("G5: a 429 after which nothing was left to send is no hour of them, nor part of the next one", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, throttled);
    await ledger.cancel(lease.purgeId, { actor: "shop", scope: "own-batches" });
    ledger.time.now += hour;
    expect(await ledger.alarmCodes()).toEqual([]);
    expect((await ledger.health()).send.throttledSince).toBeUndefined();
    await ledger.settle(await ledger.send("b"), throttled);
    expect((await ledger.health()).send.throttledSince).toBe(midNovember + hour);
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("an undocumented answer keeps the unit, and raises an alarm that quotes it until a call is taken", async () => {
    const ledger = testLedger(backend);
    await ledger.settle(await ledger.send("a"), unexpected);
    const [alarm] = (await ledger.health()).alarms;
    expect(alarm).toMatchObject({ code: "unexpected-answer-send", since: midNovember });
    expect(alarm?.message).toContain('"402: Your plan is used up"');
    expect(await ledger.readBudget()).toMatchObject({ spent: 0, reserved: 1 });
    await ledger.settle(await ledger.send("b"), unreachable);
    expect(await ledger.alarmCodes()).toEqual(["unreachable-send"]);
    await ledger.settle(await ledger.send("c"), accepted("ik1"));
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("all instances together keep the send rate: the burst at once, then its number per second", async () => {
    const rate = { sendRate: { perSecond: 5, burst: 20 } };
    const ledger = testLedger(backend, rate);
    const other = testLedger(backend, rate, 0, ledger);
    await ledger.accept(Array.from({ length: 60 }, (_, i) => `u${i}`));
    const waves = await Promise.all([ledger.leaseDue("send", 15), other.leaseDue("send", 15)]);
    expect(waves.flat()).toHaveLength(20);
    const asked = await other.ask("send", 10);
    expect(asked).toMatchObject({ leases: [], retryInMs: second });
    ledger.time.now += second;
    const later = await ledger.leaseDue("send", 10);
    expect(later).toHaveLength(5);
    const settlements = [...waves.flat(), ...later].map((lease, i) =>
      settlementOf(lease, accepted(`ik${i}`)),
    );
    await ledger.advance({ settlements });
    ledger.time.now += hour;
    expect(await other.leaseDue("send", 100)).toHaveLength(20);
  });

  test("polls have a rate of their own beside that of sends", async () => {
    const ledger = testLedger(backend, {
      sendRate: { perSecond: 1, burst: 2 },
      pollRate: { perSecond: 1, burst: 1 },
    });
    await ledger.pend("a");
    await ledger.pend("b");
    ledger.time.now += 5 * second;
    expect(await ledger.ask("poll")).toMatchObject({ leases: [{}], retryInMs: second });
    ledger.time.now += second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], pending);
  });

  test("a probe that was not sent leaves the breaker as it is", async () => {
    const ledger = testLedger(backend);
    await ledger.settle(await ledger.send("a"), unauthorized);
    ledger.time.now += 3 * minute;
    await ledger.settle((await ledger.leaseDue("send"))[0], unsent);
    expect(await ledger.alarmCodes()).toEqual(["credentials-send"]);
    expect(await ledger.leaseDue("send")).toEqual([]);
  });
});
