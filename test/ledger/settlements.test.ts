import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  hour,
  midNovember,
  minute,
  refused,
  second,
  testLedger,
  throttled,
  timedOut,
  unauthorized,
  unexpected,
  unreachable,
  unsent,
  untraceable,
} from "../support/test-ledger.ts";

/** Each outcome of a POST: the state it leads to, where the unit is then, and when something happens next. */
const outcomes = [
  { result: accepted("ik1"), state: "pending", spent: 1, reserved: 0, nextInMs: 5 * second },
  { result: refused, state: "refused", spent: 0, reserved: 0, nextInMs: undefined },
  { result: timedOut, state: "unknown", spent: 1, reserved: 0, nextInMs: minute },
  { result: untraceable, state: "unknown", spent: 1, reserved: 0, nextInMs: hour },
  { result: throttled, state: "queued", spent: 0, reserved: 1, nextInMs: 2 * second },
  { result: unauthorized, state: "queued", spent: 0, reserved: 1, nextInMs: 0 },
  { result: unexpected, state: "queued", spent: 0, reserved: 1, nextInMs: minute },
  { result: unreachable, state: "queued", spent: 0, reserved: 1, nextInMs: 5 * second },
  { result: unsent, state: "queued", spent: 0, reserved: 1, nextInMs: 0 },
] as const;

describeLedger("settlements", (backend) => {
  test.each(outcomes)(
    "G2: a send that ended $result.outcome is $state, its unit in its place",
    async (row) => {
      const ledger = testLedger(backend);
      const lease = await ledger.send("a");
      ledger.time.now += second;
      await ledger.settle(lease, row.result);
      const purge = await ledger.purge(lease.purgeId);
      expect(purge.state).toBe(row.state);
      expect(purge.units).toBe(row.spent + row.reserved);
      expect(purge.attempts).toBe(row.result.outcome === "unsent" ? 0 : 1);
      expect(purge.nextCheckAt).toBe(
        row.nextInMs === undefined ? undefined : midNovember + second + row.nextInMs,
      );
      expect(await ledger.readBudget()).toMatchObject({ spent: row.spent, reserved: row.reserved });
      expect(purge.timeline.map(({ state }) => state)).toEqual(["queued", "sending", row.state]);
    },
  );

  test("with PURGE_REFUSED_COSTS the unit of a refused purge stays spent", async () => {
    const ledger = testLedger(backend, { refusedCosts: "unit" });
    const lease = await ledger.send("a");
    await ledger.settle(lease, refused);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "refused", units: 1 });
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 0 });
  });

  test("a refusal ends the purge and its batch, and says what ImageKit said", async () => {
    const ledger = testLedger(backend);
    const { leases, batch } = await ledger.accept(["a"], { wave: 1 });
    await ledger.settle(leases[0], refused);
    const read = await ledger.readBatch(batch.id);
    expect(read?.done).toBe(true);
    expect(read?.purges[0]).toMatchObject({
      endedAt: midNovember,
      error: { code: "refused", message: "ImageKit refused it: 400: The URL is not valid." },
    });
  });

  test("an answer that is accepted says when, and under which id; errors of earlier tries are gone", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.send("a");
    await ledger.settle(first, unreachable);
    expect((await ledger.purge(first.purgeId)).error?.code).toBe("unreachable");
    ledger.time.now += 5 * second;
    const [again] = await ledger.leaseDue("send");
    ledger.time.now += second;
    await ledger.settle(again, accepted("ik7"));
    const purge = await ledger.purge(first.purgeId);
    expect(purge).toMatchObject({ imagekitRequestId: "ik7", attempts: 2, units: 1 });
    expect(purge).toMatchObject({ sentAt: midNovember + 5 * second, acceptedAt: midNovember + 6 * second });
    expect(purge.error).toBeUndefined();
  });

  test("an ImageKit that cannot be reached is tried after 5, 10, 20 … s, at most 15 minutes", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      await ledger.settle((await ledger.leaseDue("send"))[0], unreachable);
      const { nextCheckAt = 0 } = await ledger.purge(ids[0] ?? "");
      pauses.push((nextCheckAt - ledger.time.now) / second);
      ledger.time.now = nextCheckAt;
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900]);
  });

  test("an undocumented answer is tried after 1, 2, 4 … minutes, at most an hour; a 429 in between adds nothing", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    const pauses: number[] = [];
    for (const result of [throttled, unexpected, throttled, ...Array.from({ length: 7 }, () => unexpected)]) {
      await ledger.settle((await ledger.leaseDue("send"))[0], result);
      const { nextCheckAt = 0 } = await ledger.purge(ids[0] ?? "");
      if (result === unexpected) pauses.push((nextCheckAt - ledger.time.now) / minute);
      ledger.time.now = nextCheckAt;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("a 429 for a send that the ledger does not know changes only the timeline", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    const [id = ""] = ids;
    await ledger.advance({
      settlements: [{ lane: "send", purgeId: id, token: "never-given", result: throttled }],
    });
    const purge = await ledger.purge(id);
    expect(purge).toMatchObject({ state: "queued", units: 1, attempts: 0 });
    expect(purge.imagekitRequestId).toBeUndefined();
    expect(purge.timeline.at(-1)?.note).toContain("had not arrived at an earlier send");
  });

  test("a wave's settlements are one call, and each finds its purge", async () => {
    const ledger = testLedger(backend);
    const { leases, batch, ids } = await ledger.accept(["a", "b", "c", "d"], { wave: 4 });
    const results = [accepted("ik1"), refused, timedOut, throttled];
    const settlements = leases.flatMap((lease, i) => {
      const result = results[i];
      const { purgeId, token } = lease;
      return result ? [{ lane: "send" as const, purgeId, token, result }] : [];
    });
    const reply = await ledger.advance({ settlements, batchId: batch.id });
    expect(reply.batch?.purges.map(({ state }) => state)).toEqual([
      "pending",
      "refused",
      "unknown",
      "queued",
    ]);
    expect(reply.batch?.purges.map(({ id }) => id)).toEqual(ids);
    expect(reply.batch?.budget).toMatchObject({ spent: 2, reserved: 1 });
  });

  test("a settlement that makes no sense is refused before any other of the same call is written", async () => {
    const ledger = testLedger(backend);
    const { leases, ids } = await ledger.accept(["a", "b"], { wave: 2 });
    const settlements = leases.map(({ purgeId, token }, i) => ({
      lane: "send" as const,
      purgeId,
      token,
      result: i === 0 ? accepted("ik1") : JSON.parse('{"outcome":"surprise"}'),
    }));
    await expect(ledger.advance({ settlements })).rejects.toThrow("BADINPUT");
    expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["sending", "sending"]);
  });

  test("a Reset that is no number counts as absent", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, { outcome: "throttled", resetMs: Number.NaN, message: "slow down" });
    expect((await ledger.purge(lease.purgeId)).nextCheckAt).toBe(midNovember + 10 * second);
  });
});
