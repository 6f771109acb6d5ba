import { expect, test } from "vitest";
import { LedgerUnavailable } from "../../src/ledger/contract.ts";
import { mostSending } from "../../src/ledger/policy.ts";
import type { LaneWork } from "../../src/use-cases/work-leases.ts";
import { describeOn } from "../support/ledger-backends.ts";
import { accepted, settlementOf, throttled, timedOut, unauthorized } from "../support/test-ledger.ts";
import { endAll, laneBench, names, until } from "./lane-bench.ts";

describeOn("embedded", "working through leases", (backend) => {
  const bench = () => laneBench(backend);

  test("at most a wave is leased and at most the allowed calls are in flight, and all purges are sent", async () => {
    const { ledger, calls, seen, run } = bench();
    const { batch } = await ledger.accept(names(75));
    const running = run();
    await until(() => calls.length === 10);
    await endAll(calls, running);
    expect(seen.mostCalling).toBe(10);
    expect(seen.mostLeased).toBe(20);
    const read = await ledger.readBatch(batch.id);
    expect(new Set(read?.purges.map(({ state }) => state))).toEqual(new Set(["pending"]));
    expect(await ledger.readBudget()).toMatchObject({ spent: 75, reserved: 0 });
  });

  test("more is leased as soon as half a wave is free, while the other half is still in flight", async () => {
    const { ledger, calls, advances, run } = bench();
    await ledger.accept(names(40));
    const running = run();
    await until(() => calls.length === 10);
    for (const { end } of calls.splice(0)) end();
    await until(() => advances.length === 2);
    expect(advances[1]).toMatchObject({ settlements: { length: 10 }, lease: { limit: 10 } });
    await endAll(calls, running);
  });

  test("a batch of one wave needs its reservation and exactly one more ledger call", async () => {
    const { ledger, calls, advances, run } = bench();
    const { batch, leases, retryInMs } = await ledger.accept(names(20), { wave: 20 });
    const running = run({ first: { leases, retryInMs, askedAtMs: 0 }, purgeIds: [], batchId: batch.id });
    const report = await endAll(calls, running);
    expect(advances).toHaveLength(1);
    expect(report).toMatchObject({ outcomes: { accepted: 20 }, batch: { id: batch.id } });
    expect(report).toEqual({ outcomes: { accepted: 20 }, batch: await ledger.readBatch(batch.id) });
  });

  test("the batch is returned in its final state, even when the last call requested more leases", async () => {
    const { ledger, calls, run } = bench();
    const { batch, leases, retryInMs, ids } = await ledger.accept(names(3), { wave: 2 });
    const [somebodyElses] = await ledger.leaseDue("send");
    await ledger.settle(somebodyElses, accepted("ik-other"));
    const first = { leases, retryInMs, askedAtMs: 0 };
    const running = run({ first, purgeIds: ids.slice(2), batchId: batch.id });
    const report = await endAll(calls, running);
    expect(report).toEqual({ outcomes: { accepted: 2 }, batch: await ledger.readBatch(batch.id) });
  });

  test("a result is written within a second, however long the other calls take", async () => {
    const { ledger, clock, calls, advances, run } = bench();
    const { leases, ids } = await ledger.accept(names(2), { wave: 2 });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    await until(() => calls.length === 2);
    calls[0]?.end();
    await until(() => calls.length === 2);
    clock.move(999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(advances).toEqual([]);
    clock.move(1);
    await until(() => advances.length === 1);
    expect(advances[0]?.settlements.map(({ purgeId }) => purgeId)).toEqual([ids[0]]);
    calls[1]?.end();
    expect(await running).toMatchObject({ outcomes: { accepted: 2 } });
  });

  test("no call begins without enough time left in the run: the next run sends the rest", async () => {
    const { ledger, clock, calls, run } = bench();
    const { leases, ids } = await ledger.accept(names(15), { wave: 15 });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [], deadlineMs: 20_000 });
    await until(() => calls.length === 10);
    clock.move(3_001);
    for (const { end } of calls) end();
    expect(await running).toMatchObject({ outcomes: { accepted: 10, unsent: 5 } });
    expect(calls).toHaveLength(10);
    expect(await Promise.all(ids.slice(10).map(ledger.stateOf))).toEqual(Array(5).fill("queued"));
    expect(await ledger.leaseDue("send")).toHaveLength(5);
  });

  test("no call begins on a lease with less than 17 s left, counted from its request", async () => {
    const { ledger, clock, calls, run } = bench();
    const { leases } = await ledger.accept(names(2), { wave: 2 });
    clock.move(43_001);
    const report = await run({ first: { leases, askedAtMs: 0 }, purgeIds: [], deadlineMs: 500_000 });
    expect(report.outcomes).toEqual({ unsent: 2 });
    expect(calls).toEqual([]);
  });

  test.each([
    [43_000, "begins"],
    [43_001, "does not begin"],
  ])("a lease whose reply took %i ms has that much less left: the call %s", async (ms, outcome) => {
    const { ledger, calls, run, setReplyTakesMs } = bench();
    await ledger.accept(names(1));
    setReplyTakesMs(ms);
    const running = run({ deadlineMs: 500_000, patienceMs: 0 });
    if (outcome === "begins") {
      await until(() => calls.length === 1);
      setReplyTakesMs(0);
    }
    await endAll(calls, running);
    expect(Object.keys((await running).outcomes)).toEqual([outcome === "begins" ? "accepted" : "unsent"]);
  });

  test("a wave that other runs' leases held up is sent in the same run, as soon as they are free", async () => {
    const { ledger, clock, calls, run } = bench();
    const others = await ledger.accept(names(mostSending), { wave: mostSending });
    const { batch, leases, retryInMs, ids } = await ledger.accept(["mine"], { wave: 20 });
    expect(leases).toEqual([]);
    const running = run({
      first: { leases, retryInMs, askedAtMs: 0 },
      purgeIds: ids,
      batchId: batch.id,
    });
    clock.move(1_000);
    await ledger.settle(others.leases[0], accepted("ik-other"));
    clock.move(1_000);
    expect(await endAll(calls, running)).toMatchObject({
      outcomes: { accepted: 1 },
      batch: { id: batch.id },
    });
  });

  test.each([throttled, unauthorized, timedOut])(
    "G4: after an answer that calls for a pause no other send of the wave begins ($outcome)",
    async (answer) => {
      const { ledger, calls, run } = bench();
      const { leases, ids } = await ledger.accept(names(20), { wave: 20 });
      const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [], patienceMs: 0 });
      await until(() => calls.length === 10);
      for (const { end } of calls) end(answer);
      const report = await running;
      expect(report.outcomes).toEqual({ [answer.outcome]: 10, unsent: 10 });
      expect(calls).toHaveLength(10);
      const left = await Promise.all(ids.slice(10).map(ledger.purge));
      expect(left.map(({ state, attempts }) => [state, attempts])).toEqual(Array(10).fill(["queued", 0]));
    },
  );

  test("returned leases are sent in the same run once ImageKit may be called again", async () => {
    const { ledger, calls, run } = bench();
    const { leases, ids } = await ledger.accept(names(12), { wave: 12 });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    await until(() => calls.length === 10);
    const [lost, ...others] = calls.splice(0);
    lost?.end(timedOut);
    for (const { end } of others) end();
    const report = await endAll(calls, running);
    expect(report).toMatchObject({ outcomes: { unknown: 1, accepted: 11, unsent: 2 } });
    expect(await Promise.all(ids.slice(10).map(ledger.stateOf))).toEqual(["pending", "pending"]);
  });

  test("G1: while the ledger is unavailable nothing new begins, and results are written once it is back", async () => {
    const { ledger, clock, calls, advances, run, setAway } = bench();
    const { leases, ids } = await ledger.accept(names(20), { wave: 20 });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    await until(() => calls.length === 10);
    setAway(true);
    calls[0]?.end();
    await until(() => calls.length === 11);
    clock.move(1_000);
    await until(() => advances.length === 1);
    calls[1]?.end();
    for (let i = 2; i < 6; i++) {
      clock.move(500);
      await until(() => advances.length === i);
    }
    expect(calls).toHaveLength(11);
    setAway(false);
    clock.move(500);
    for (const { end } of calls.slice(2)) end();
    const drive = setInterval(() => clock.move(100), 1);
    const report = await running.finally(() => clearInterval(drive));
    expect(report.outcomes).toMatchObject({ accepted: 11, unsent: 9 });
    const states = await Promise.all(ids.map(ledger.stateOf));
    expect(states.filter((state) => state === "pending")).toHaveLength(11);
    expect(states.filter((state) => state === "queued")).toHaveLength(9);
  });

  test("a ledger that stays unavailable ends the run at its deadline with an error", async () => {
    const { ledger, clock, calls, advances, run, setAway } = bench();
    const { leases } = await ledger.accept(names(2), { wave: 2 });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [], deadlineMs: 30_000 });
    const ended = expect(running).rejects.toThrow(LedgerUnavailable);
    await until(() => calls.length === 2);
    setAway(true);
    for (const { end } of calls) end();
    await until(() => advances.length === 1);
    const drive = setInterval(() => clock.move(500), 1);
    await ended.finally(() => clearInterval(drive));
  });

  test("purges blocked for longer than the run's patience are left to the next run", async () => {
    const { ledger, calls, advances, run } = bench();
    await ledger.settle(await ledger.send("a"), { outcome: "unauthorized", status: 401, message: "" });
    await ledger.accept(names(2));
    expect(await run()).toEqual({ outcomes: {}, batch: undefined });
    expect(advances).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  test("an error of the ledger ends a run once what is under way has returned and is written, and the rest is handed back", async () => {
    const { ledger, calls, advances, run, failOnce } = bench();
    const { leases, ids } = await ledger.accept(names(12), { wave: 12 });
    failOnce(new Error("no such reply"));
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    const ended = expect(running).rejects.toThrow("no such reply");
    await until(() => calls.length === 10);
    calls[0]?.end();
    await until(() => calls.length === 11);
    calls[1]?.end(timedOut);
    await until(() => advances.length === 1);
    for (const { end } of calls.slice(2)) end();
    await ended;
    const states = await Promise.all(ids.slice(2).map(ledger.stateOf));
    expect(states).toEqual([...Array(9).fill("pending"), "queued"]);
  });

  test("each call learns when its lease arrived, however long the reply took", async () => {
    const { ledger, clock, run, setReplyTakesMs } = bench();
    const { leases } = await ledger.accept(names(1), { wave: 1 });
    await ledger.accept(["b"]);
    clock.move(1_500);
    setReplyTakesMs(700);
    const arrived: number[] = [];
    const act: LaneWork["act"] = async (lease, arrivedAtMs) => {
      arrived.push(arrivedAtMs);
      return { settlement: settlementOf(lease, accepted(`ik-${lease.purgeId}`)) };
    };
    await run({ act, first: { leases, askedAtMs: 900, retryInMs: 0 } });
    expect(arrived).toEqual([1_500, 2_200]);
  });
});
