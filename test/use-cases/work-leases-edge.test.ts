import { expect, test } from "vitest";
import { LedgerUnavailable } from "../../src/ledger/contract.ts";
import { reading } from "../support/edge-readings.ts";
import { describeOn } from "../support/ledger-backends.ts";
import { midNovember } from "../support/test-ledger.ts";
import { endAll, laneBench, names, until } from "./lane-bench.ts";

describeOn("embedded", "what the edge served beside sends", (backend) => {
  const bench = () => laneBench(backend);
  const before = reading(midNovember, "old");
  type Reading = typeof before | undefined;
  const never = new Promise<Reading>(() => undefined);
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  /** A reading that comes when the test says so. */
  function lateReading() {
    let arrive = (_: Reading) => {};
    const later = new Promise<Reading>((resolve) => {
      arrive = resolve;
    });
    return { later, arrive };
  }

  test("what the edge served beside a send is settled with it, if it is there by then", async () => {
    const { ledger, calls, advances, run } = bench();
    const { leases } = await ledger.accept(names(2), { wave: 2 });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    await until(() => calls.length === 2);
    const { later, arrive } = lateReading();
    calls[0]?.end(undefined, later);
    await turn();
    arrive(before);
    calls[1]?.end(undefined, Promise.resolve(undefined));
    const { readings } = await running;
    expect(readings).toBeUndefined();
    expect(advances).toHaveLength(1);
    expect(advances[0]?.settlements).toMatchObject([{ before: { fingerprint: before.fingerprint } }, {}]);
    expect(advances[0]?.settlements[1]).not.toHaveProperty("before");
  });

  test("no settlement waits for what the edge serves: that is written after the run, in one call, when it has come", async () => {
    const { ledger, clock, calls, advances, run } = bench();
    const { leases, ids } = await ledger.accept(names(3), { wave: 3, check: "waiting" });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    await until(() => calls.length === 3);
    const readings = [lateReading(), lateReading(), lateReading()];
    calls.forEach(({ end }, i) => {
      end(undefined, readings[i]?.later);
    });
    const report = await running;
    expect(report.outcomes).toEqual({ accepted: 3 });
    expect(clock.monotonicMs()).toBe(0);
    readings[0]?.arrive(before);
    readings[1]?.arrive(undefined);
    await turn();
    expect(advances).toHaveLength(1);
    readings[2]?.arrive(before);
    await report.readings;
    expect(advances).toHaveLength(2);
    const kept = await Promise.all(ids.map(ledger.purge));
    expect(kept.map(({ edge }) => edge?.before)).toEqual([before, undefined, before]);
    expect(new Set(kept.map(({ state }) => state))).toEqual(new Set(["pending"]));
  });

  test("what the edge served beside sends of an earlier wave is written beside the next settlement, in a call of its own", async () => {
    const { ledger, calls, advances, run } = bench();
    await ledger.accept(names(40), { check: "waiting" });
    const running = run();
    await until(() => calls.length === 10);
    const { later, arrive } = lateReading();
    for (const { end } of calls.splice(0)) end(undefined, later);
    await until(() => advances.length === 2);
    await until(() => calls.length === 10);
    arrive(before);
    await turn();
    for (const { end } of calls.splice(0)) end();
    await until(() => advances.length === 4);
    expect(advances.slice(2).map(({ settlements }) => settlements.map(({ lane }) => lane))).toEqual([
      Array(10).fill("check"),
      Array(10).fill("send"),
    ]);
    await endAll(calls, running);
    const { purges } = await ledger.listPurges({ limit: 50 });
    expect(purges.filter(({ edge }) => edge?.before !== undefined)).toHaveLength(10);
  });

  test("a reading that cannot be written is logged, and changes nothing", async () => {
    const { ledger, calls, logged, run, failOnce } = bench();
    const { leases, ids } = await ledger.accept(["a"], { wave: 1, check: "waiting" });
    const running = run({ first: { leases, askedAtMs: 0 }, purgeIds: [] });
    await until(() => calls.length === 1);
    const { later, arrive } = lateReading();
    calls[0]?.end(undefined, later);
    const report = await running;
    failOnce(new LedgerUnavailable("away"));
    arrive(before);
    await report.readings;
    expect(logged).toEqual(["readings-lost"]);
    expect(await ledger.purge(ids[0] ?? "")).toMatchObject({ state: "pending", units: 1 });
  });

  test("a CDN that hangs holds up nothing: a batch of many waves is sent and settled while time stands still", async () => {
    const { ledger, clock, calls, seen, run } = bench();
    const { batch } = await ledger.accept(names(75));
    const running = run();
    let over = false;
    running.finally(() => (over = true));
    while (!over) {
      for (const { end } of calls.splice(0)) end(undefined, never);
      await turn();
    }
    expect((await running).outcomes).toEqual({ accepted: 75 });
    expect(clock.monotonicMs()).toBe(0);
    expect(seen).toMatchObject({ mostCalling: 10, mostLeased: 20 });
    const read = await ledger.readBatch(batch.id);
    expect(new Set(read?.purges.map(({ state }) => state))).toEqual(new Set(["pending"]));
  });
});
