import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  completed,
  day,
  pollLease,
  refused,
  second,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

/** What the drop-in endpoint adds to a reservation; `id` is 24 times this digit. */
const request = (digit: string) => ({ dropIn: { id: digit.repeat(24), isResend: false } });
const resend = (digit: string) => ({ dropIn: { id: digit.repeat(24), isResend: true } });

describeLedger("requests of the drop-in endpoint", (backend) => {
  test("a purge is found by the id that the drop-in endpoint gave, which lives as long as its record", async () => {
    const ledger = testLedger(backend);
    const key = `test:1:drop-in:${"a".repeat(24)}`;
    const lease = await ledger.send("shoe", request("a"));
    const found = () => ledger.readPurge({ dropInId: "a".repeat(24) });
    expect(await found()).toMatchObject({ id: lease.purgeId, dropInId: "a".repeat(24) });
    expect(await backend.raw.pttl(key)).toBe(-1);
    await ledger.settle(lease, accepted("ik1"));
    ledger.time.now += 5 * second;
    await ledger.settle(pollLease((await ledger.leaseDue("poll"))[0]), completed);
    expect(await found()).toMatchObject({ state: "completed" });
    const left = await Promise.all(
      [key, `test:1:purge:${lease.purgeId}`].map((each) => backend.raw.pttl(each)),
    );
    for (const ttl of left) expect(ttl).toBeGreaterThan(399 * day);
    expect(await ledger.readPurge({ dropInId: "b".repeat(24) })).toBeUndefined();
  });

  test("a purge has one id there, also when another request of that kind, or first one of another kind, asked for it", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["shoe"]);
    for (const digit of ["a", "b"]) {
      const { batch } = await ledger.accept(["shoe"], { actor: "cms", ...request(digit) });
      expect(batch).toMatchObject({ units: 0, purges: [{ id: ids[0], dropInId: "a".repeat(24) }] });
    }
    expect((await ledger.readPurge({ dropInId: "a".repeat(24) }))?.id).toBe(ids[0]);
    expect(await ledger.readPurge({ dropInId: "b".repeat(24) })).toBeUndefined();
  });

  test("a resend gets the purge that its actor was given, whatever became of it, and costs nothing", async () => {
    const ledger = testLedger(backend);
    const outcomes = [
      ["pending", accepted("ik1"), "1"],
      ["refused", refused, "2"],
      ["unknown", timedOut, "3"],
    ] as const;
    for (const [state, outcome, digit] of outcomes) {
      const lease = await ledger.send(state, request(digit));
      ledger.time.now += second;
      await ledger.settle(lease, outcome);
      const before = await ledger.readBudget();
      const { batch, leases } = await ledger.accept([state], { wave: 1, ...resend("b") });
      expect(batch, state).toMatchObject({ units: 0, lines: [{ verdict: "joined" }] });
      expect(batch.purges, state).toMatchObject([{ id: lease.purgeId, state }]);
      expect(leases).toEqual([]);
      expect(await ledger.readBudget()).toEqual(before);
    }
    const [queued = ""] = (await ledger.accept(["cancelled"], request("c"))).ids;
    await ledger.cancel(queued, { actor: "shop", scope: "own-batches" });
    expect((await ledger.accept(["cancelled"], resend("d"))).ids).toEqual([queued]);
  });

  test("a resend gets the purge that its request joined, even if that was sent in between", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["shoe"], { actor: "cms" });
    expect((await ledger.accept(["shoe"], request("a"))).ids).toEqual(ids);
    const [lease] = await ledger.leaseDue("send");
    await ledger.settle(lease, accepted("ik1"));
    ledger.time.now += second;
    expect((await ledger.accept(["shoe"], resend("b"))).ids).toEqual(ids);
  });

  test("a resend is given the purge of the latest request, never one of another actor or another URL", async () => {
    const ledger = testLedger(backend);
    const saves = [];
    for (const digit of ["a", "b"]) {
      saves.push((await ledger.send("shoe", request(digit))).purgeId);
      ledger.time.now += second;
    }
    expect(new Set(saves).size).toBe(2);
    expect((await ledger.accept(["shoe"], resend("c"))).ids).toEqual([saves[1]]);
    expect((await ledger.accept(["shoe"], { actor: "cms", ...resend("d") })).batch.units).toBe(1);
    expect((await ledger.accept(["boot"], resend("e"))).batch.units).toBe(1);
  });

  test("a request that is no resend, and one of another kind, never gets a purge that was sent before it", async () => {
    const ledger = testLedger(backend);
    await ledger.send("shoe", request("a"));
    ledger.time.now += second;
    expect((await ledger.accept(["shoe"], { ...request("b"), wave: 1 })).batch.units).toBe(1);
    ledger.time.now += second;
    expect((await ledger.accept(["shoe"])).batch.units).toBe(1);
  });

  test("a purge is given to resends for 200 s after its request, however many come", async () => {
    const ledger = testLedger(backend);
    const key = async () => (await backend.raw.keys("test:1:given:*"))[0] ?? "";
    const { purgeId } = await ledger.send("shoe", request("a"));
    expect(await backend.raw.pttl(await key())).toBeGreaterThan(190_000);
    // Redis' own clock ends it: here 60 s are left, which a resend must not prolong.
    await backend.raw.pexpire(await key(), 60_000);
    ledger.time.now += second;
    expect((await ledger.accept(["shoe"], resend("b"))).ids).toEqual([purgeId]);
    expect(await backend.raw.pttl(await key())).toBeLessThanOrEqual(60_000);
    await backend.raw.del(await key());
    expect((await ledger.accept(["shoe"], { ...resend("c"), wave: 1 })).batch.units).toBe(1);
  });

  test("of resends that come together, when none was given a purge, one makes it and the others join", async () => {
    const ledger = testLedger(backend);
    const replies = await Promise.all(
      ["a", "b", "c"].map((digit) => ledger.accept(["shoe"], { wave: 1, ...resend(digit) })),
    );
    expect(new Set(replies.flatMap(({ ids }) => ids)).size).toBe(1);
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 0 });
  });

  test("a resend is given its purge when the budget is used up, and when the actor repeats too often", async () => {
    const ledger = testLedger(backend, { quota: 1, repeatLimit: 1 });
    const { purgeId } = await ledger.send("shoe", request("a"));
    ledger.time.now += second;
    expect(await ledger.submit(["shoe"])).toMatchObject({ outcome: "repeating" });
    expect(await ledger.submit(["boot"], request("b"))).toMatchObject({ outcome: "exhausted" });
    expect((await ledger.accept(["shoe"], resend("c"))).ids).toEqual([purgeId]);
  });

  test.each([
    { why: "repeats too often", policy: { repeatLimit: 1 } },
    { why: "finds the budget used up", policy: { quota: 1 } },
    { why: "finds the ledger in doubt", lost: "test:1:budget" },
    { why: "fills its caller's storage", policy: { callerStorage: { perSecond: 0.001, burst: 4_000 } } },
  ])("a first request that $why takes an earlier purge of its target from its resends", async (row) => {
    const ledger = testLedger(backend, row.policy);
    const { purgeId } = await ledger.send("shoe", request("a"));
    if (row.lost) await backend.raw.del(row.lost);
    for (let n = 0; n < 10; n++) {
      ledger.time.now += second;
      const reply = await ledger.submit(["shoe"], request("b")).catch((error: Error) => error);
      if (reply instanceof Error || reply.outcome !== "reserved") break;
    }
    expect(await backend.raw.keys("test:1:given:*")).toEqual([]);
    expect(await ledger.stateOf(purgeId)).toBe("sending");
  });

  test("a resend that is refused leaves what its request was given to the next one", async () => {
    const ledger = testLedger(backend, { quota: 2, repeatLimit: 1 });
    const { purgeId } = await ledger.send("shoe", request("a"));
    expect(await ledger.submit(["other"], request("b"))).toMatchObject({ outcome: "reserved" });
    expect(await ledger.submit(["third"], resend("c"))).toMatchObject({ outcome: "exhausted" });
    expect((await ledger.accept(["shoe"], resend("d"))).ids).toEqual([purgeId]);
  });

  test("500 batches share an open purge at most, resends among them", async () => {
    const ledger = testLedger(backend, { quota: 10 });
    const [first] = (await ledger.accept(["shoe"], request("a"))).ids;
    const key = `test:1:purge:${first}`;
    const record = JSON.parse((await backend.raw.get(key)) ?? "");
    const others = Array.from({ length: 499 }, (_, i) => ({ id: `b${i}`, actor: "shop" }));
    await backend.raw.set(key, JSON.stringify({ ...record, batches: [...record.batches, ...others] }));
    expect((await ledger.accept(["shoe"], resend("b"))).ids).not.toEqual([first]);
  });

  test("a search finds a purge by the id of the drop-in endpoint", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["shoe"], request("a"));
    await ledger.accept(["boot"], request("b"));
    const { purges } = await ledger.listPurges({ text: "a".repeat(24), limit: 10 });
    expect(purges.map(({ id }) => id)).toEqual(ids);
  });
});
