import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, second, testLedger, timedOut, unreachable } from "../support/test-ledger.ts";

describeLedger("held purges", (backend) => {
  test("a batch's lines go in order while there is budget; the rest is held and not due", async () => {
    const ledger = testLedger(backend, { quota: 2 });
    const { batch, leases } = await ledger.accept(["d", "c", "b", "a"], { onExhausted: "hold", wave: 5 });
    expect(batch.purges.map(({ state, units }) => [state, units])).toEqual([
      ["sending", 1],
      ["sending", 1],
      ["held", 0],
      ["held", 0],
    ]);
    expect(leases).toHaveLength(2);
    expect(batch.budget).toMatchObject({ held: 2, available: 0 });
    expect(batch.purges[2]?.nextCheckAt).toBeUndefined();
    expect(await ledger.leaseDue("send")).toEqual([]);
    expect(await ledger.isIdle()).toBe(false);
  });

  test("G3: at the turn of the month held purges are queued in the order of their lines, not above the quota", async () => {
    const ledger = testLedger(backend, { quota: 3 }, Date.parse("2026-11-30T23:00:00.000Z"));
    await ledger.accept(["x", "y", "z"], { wave: 3 });
    const first = await ledger.accept(["d", "c"], { onExhausted: "hold" });
    // The same millisecond, and ids that sort before those of the first batch.
    const second = await ledger.accept([], {
      onExhausted: "hold",
      purges: [
        { id: "a0", url: "https://x.test/a0", maskedUrl: "https://x.test/a0", kind: "exact", lines: [3] },
      ],
      lines: [{ line: 3, verdict: "accepted", purgeId: "a0", warnings: [] }],
    });
    ledger.time.now = Date.parse("2026-12-01T00:00:00.000Z");
    const smaller = testLedger(backend, { quota: 1 }, 0, ledger);
    expect((await smaller.leaseDue("send")).map(({ purgeId }) => purgeId)).toEqual([first.ids[0]]);
    expect(await smaller.readBudget()).toMatchObject({ spent: 1, held: 2, available: 0 });
    const smallish = testLedger(backend, { quota: 2 }, 0, ledger);
    expect((await smallish.leaseDue("send")).map(({ purgeId }) => purgeId)).toEqual([first.ids[1]]);
    expect(await ledger.stateOf(second.ids[0] ?? "")).toBe("held");
  });

  test("held purges go first in, first out, ahead of new reservations", async () => {
    const ledger = testLedger(backend, { quota: 2 });
    const { ids } = await ledger.accept(["x", "y"]);
    const held = await ledger.accept(["h1", "h2"], { onExhausted: "hold" });
    await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "every-batch" });
    expect(await ledger.submit(["new"])).toMatchObject({ outcome: "exhausted" });
    expect(await Promise.all(held.ids.map(ledger.stateOf))).toEqual(["queued", "held"]);
    const behind = await ledger.accept(["behind"], { onExhausted: "hold" });
    expect(behind.batch.purges[0]?.state).toBe("held");
  });

  test("held purges that take several scripts to release still go first, oldest first, ahead of new reservations", async () => {
    const ledger = testLedger(backend, { quota: 260 });
    await ledger.correct({ external: 260, actor: "admin" });
    const names = Array.from({ length: 250 }, (_, i) => `h${i}`);
    const { ids } = await ledger.accept(names, { onExhausted: "hold" });
    const raised = testLedger(backend, { quota: 515 }, 0, ledger);
    // 255 are free: 200 are released at once, 50 more are spoken for, and five are left for others.
    expect(await raised.submit(["a", "b", "c", "d", "e", "f"])).toMatchObject({
      outcome: "exhausted",
      budget: { held: 50, available: 55 },
    });
    const states = await Promise.all(ids.slice(199, 201).map(ledger.stateOf));
    expect(states).toEqual(["queued", "held"]);
  });

  test("held purges are at most one quota", async () => {
    const ledger = testLedger(backend, { quota: 2 });
    await ledger.accept(["x", "y"]);
    await ledger.accept(["h1", "h2"], { onExhausted: "hold" });
    expect(await ledger.submit(["h3"], { onExhausted: "hold" })).toMatchObject({ outcome: "exhausted" });
    expect((await ledger.listPurges({ limit: 10 })).purges).toHaveLength(4);
  });

  test("a lowered quota makes queued ones held, newest first; a raised one releases them", async () => {
    const ledger = testLedger(backend, { quota: 5 });
    const ids: string[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      ids.push(...(await ledger.accept([name])).ids);
      ledger.time.now += second;
    }
    const lowered = testLedger(backend, { quota: 2 }, 0, ledger);
    await lowered.leaseDue("send", 0);
    expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["queued", "queued", "held", "held"]);
    expect(await lowered.readBudget()).toMatchObject({ reserved: 2, held: 2, available: 0 });
    await ledger.leaseDue("send", 0);
    expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["queued", "queued", "queued", "queued"]);
  });

  test("a correction upwards holds purges that no longer fit, one downwards releases them; both are always accepted", async () => {
    const ledger = testLedger(backend, { quota: 4 });
    const { ids } = await ledger.accept(["a", "b", "c"], { wave: 1 });
    expect(await ledger.correct({ external: 3, actor: "admin" })).toMatchObject({ available: 0, held: 2 });
    expect(await ledger.correct({ external: 9, actor: "admin" })).toMatchObject({ available: -6, spent: 1 });
    expect(await ledger.correct({ external: 2, actor: "admin" })).toMatchObject({ available: 0, held: 1 });
    expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["sending", "queued", "held"]);
    expect(await ledger.correct({ external: 0, actor: "admin" })).toMatchObject({ available: 1, held: 0 });
  });

  test("however many queued purges no longer fit, all of them are held at once", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(Array.from({ length: 60 }, (_, i) => `u${i}`));
    expect(await ledger.correct({ external: 100, actor: "admin" })).toMatchObject({ reserved: 0, held: 60 });
  });

  test("G3: above a lowered quota no purge is leased, not even one asked for by its id", async () => {
    const ledger = testLedger(backend, { quota: 5 });
    const { ids } = await ledger.accept(["a", "b", "c"]);
    const lowered = testLedger(backend, { quota: 2 }, 0, ledger);
    expect((await lowered.ask("send", 5, ids)).leases).toEqual([]);
    expect(await lowered.leaseDue("send")).toHaveLength(2);
  });

  test("a resend that waits does not shield newer purges from being held", async () => {
    const ledger = testLedger(backend, { quota: 4 });
    const { ids } = await ledger.accept(["a", "b"]);
    const lease = await ledger.send("c");
    await ledger.settle(lease, timedOut);
    ledger.time.now += 60 * second;
    await ledger.leaseDue("send", 0);
    expect(await ledger.correct({ external: 1, actor: "admin" })).toMatchObject({
      available: 0,
      reserved: 2,
      held: 1,
    });
    const states = await Promise.all([...ids, lease.purgeId].map(ledger.stateOf));
    expect(states.toSorted()).toEqual(["held", "queued", "queued"]);
    expect(states[2]).toBe("queued");
  });

  test("a held purge that was tried before counts on its unit only when it is queued again", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    const lease = await ledger.send("a");
    await ledger.settle(lease, unreachable);
    await ledger.correct({ external: 1, actor: "admin" });
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "held", units: 0, attempts: 1 });
    await ledger.correct({ external: 0, actor: "admin" });
    const [again] = await ledger.leaseDue("send");
    await ledger.settle(again, accepted("ik1"));
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "pending", units: 1, attempts: 2 });
  });
});
