import { expect, test } from "vitest";
import type { PurgeState } from "../../src/domain/purge.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { redisContent } from "../support/redis-content.ts";
import {
  completed,
  minute,
  pending,
  refused,
  second,
  type TestLedger,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

const own = { actor: "shop", scope: "own-batches" } as const;

/** A purge in each state. */
const inState: Readonly<Record<PurgeState, (ledger: TestLedger) => Promise<string>>> = {
  queued: async (ledger) => (await ledger.accept(["a"])).ids[0] ?? "",
  held: async (ledger) => {
    await ledger.correct({ external: 100, actor: "admin" });
    return (await ledger.accept(["a"], { onExhausted: "hold" })).ids[0] ?? "";
  },
  sending: async (ledger) => (await ledger.send("a")).purgeId,
  pending: (ledger) => ledger.pend("a"),
  overdue: async (ledger) => {
    const id = await ledger.pend("a");
    ledger.time.now += 15 * minute;
    await ledger.settle((await ledger.leaseDue("poll"))[0], pending);
    return id;
  },
  unknown: async (ledger) => {
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    return lease.purgeId;
  },
  completed: async (ledger) => {
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    return id;
  },
  refused: async (ledger) => {
    const lease = await ledger.send("a");
    await ledger.settle(lease, refused);
    return lease.purgeId;
  },
  cancelled: async (ledger) => {
    const id = await inState.queued(ledger);
    await ledger.cancel(id, own);
    return id;
  },
  abandoned: async (ledger) => {
    const id = await inState.unknown(ledger);
    await ledger.close(id, "admin");
    return id;
  },
};

const operations = {
  cancel: {
    allowed: { queued: "cancelled", held: "cancelled" },
    run: (l: TestLedger, id: string) => l.cancel(id, own),
  },
  resend: { allowed: { unknown: "queued" }, run: (l: TestLedger, id: string) => l.resend(id, "admin") },
  close: {
    allowed: { unknown: "abandoned", overdue: "abandoned" },
    run: (l: TestLedger, id: string) => l.close(id, "admin"),
  },
} as const;

describeLedger("operators", (backend) => {
  for (const [name, { allowed, run }] of Object.entries(operations)) {
    const allowedFrom = new Map<string, string>(Object.entries(allowed));
    test.each(Object.entries(inState))(
      `an operator can ${name} a purge only if its state allows it: %s`,
      async (state, make) => {
        const ledger = testLedger(backend);
        const id = await make(ledger);
        expect(await ledger.stateOf(id)).toBe(state);
        const before = await redisContent(backend.raw);
        const reply = await run(ledger, id);
        const to = allowedFrom.get(state);
        if (to === undefined) {
          expect(reply).toMatchObject({ outcome: "forbidden-state", purge: { id, state } });
          expect(await redisContent(backend.raw)).toEqual(before);
        } else {
          expect(reply).toMatchObject({ outcome: "done", purge: { id, state: to } });
          expect(await ledger.stateOf(id)).toBe(to);
        }
      },
    );

    test(`an operator cannot ${name} a purge that does not exist`, async () => {
      const ledger = testLedger(backend);
      expect(await run(ledger, "p-none")).toEqual({ outcome: "not-found" });
      expect(await redisContent(backend.raw)).toEqual({});
    });
  }

  test("cancelling a purge releases its unit and ends its batch, and the line says so", async () => {
    const ledger = testLedger(backend);
    const { ids, batch } = await ledger.accept(["a", "b"]);
    await ledger.cancel(ids[0] ?? "", own);
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1 });
    expect(await ledger.readBatch(batch.id)).toMatchObject({
      done: false,
      lines: [{ cancelled: true }, { cancelled: undefined }],
    });
    await ledger.cancel(ids[1] ?? "", own);
    expect(await ledger.readBatch(batch.id)).toMatchObject({
      done: true,
      purges: [{ units: 0 }, { units: 0 }],
    });
  });

  test("a purge that another batch waits for is not cancelled, only left", async () => {
    const ledger = testLedger(backend);
    const shop = await ledger.accept(["a"]);
    const cms = await ledger.accept(["a"], { actor: "cms" });
    const [id = ""] = shop.ids;
    expect(await ledger.cancel(id, own)).toMatchObject({ outcome: "done", purge: { state: "queued" } });
    expect(await ledger.readBatch(shop.batch.id)).toMatchObject({ done: true, lines: [{ cancelled: true }] });
    expect(await ledger.readBatch(cms.batch.id)).toMatchObject({
      done: false,
      lines: [{ verdict: "joined" }],
    });
    expect((await ledger.purge(id)).batches).toEqual([{ id: cms.batch.id, actor: "cms" }]);
    expect(await ledger.cancel(id, own)).toMatchObject({ outcome: "not-yours" });
    expect(await ledger.cancel(id, { actor: "cms", scope: "own-batches" })).toMatchObject({
      purge: { state: "cancelled", units: 0 },
    });
  });

  test("a batch that leaves one purge after another shows each of its lines as cancelled", async () => {
    const ledger = testLedger(backend);
    const shop = await ledger.accept(["a", "b"]);
    await ledger.accept(["a", "b"], { actor: "cms" });
    for (const id of shop.ids) await ledger.cancel(id, own);
    const { done, lines } = (await ledger.readBatch(shop.batch.id)) ?? {};
    expect({ done, lines }).toMatchObject({ done: true, lines: [{ cancelled: true }, { cancelled: true }] });
  });

  test("cancelling for one named batch leaves the actor's other batches waiting", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["a"]);
    const second = await ledger.accept(["a"]);
    const [id = ""] = first.ids;
    const named = { batchId: second.batch.id };
    expect(await ledger.cancel(id, { ...own, ...named, actor: "cms" })).toMatchObject({
      outcome: "not-yours",
    });
    expect(await ledger.cancel(id, { ...own, ...named })).toMatchObject({ purge: { state: "queued" } });
    expect(await ledger.readBatch(first.batch.id)).toMatchObject({ done: false });
    expect(await ledger.readBatch(second.batch.id)).toMatchObject({
      done: true,
      lines: [{ cancelled: true }],
    });
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1 });
  });

  test("an admin who cancels for one named batch leaves the batches of others waiting", async () => {
    const ledger = testLedger(backend);
    const shop = await ledger.accept(["a"]);
    const cms = await ledger.accept(["a"], { actor: "cms" });
    const by = { actor: "admin", scope: "every-batch", batchId: cms.batch.id } as const;
    expect(await ledger.cancel(shop.ids[0] ?? "", by)).toMatchObject({ purge: { state: "queued" } });
    expect(await ledger.readBatch(shop.batch.id)).toMatchObject({ done: false });
    expect(await ledger.readBatch(cms.batch.id)).toMatchObject({ done: true });
  });

  test("an admin's cancellation is for every batch of a purge", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    await ledger.accept(["a"], { actor: "cms" });
    expect(await ledger.cancel(ids[0] ?? "", { actor: "admin", scope: "every-batch" })).toMatchObject({
      outcome: "done",
      purge: { state: "cancelled" },
    });
    expect(await ledger.isIdle()).toBe(true);
  });

  test("G4: cancelling a resend that waits releases only the second unit", async () => {
    const ledger = testLedger(backend);
    const id = await inState.unknown(ledger);
    await ledger.resend(id, "admin");
    expect(await ledger.cancel(id, own)).toMatchObject({ purge: { state: "cancelled", units: 1 } });
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 0 });
  });

  test("G3: an operator's resend needs a free unit; without one nothing changes", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    const id = await inState.unknown(ledger);
    const before = await redisContent(backend.raw);
    expect(await ledger.resend(id, "admin")).toMatchObject({
      outcome: "exhausted",
      budget: { available: 0 },
    });
    expect(await redisContent(backend.raw)).toEqual(before);
  });

  test("G4: an operator's resend is the one resend", async () => {
    const ledger = testLedger(backend, { resendUnknown: "never" });
    const id = await inState.unknown(ledger);
    await ledger.resend(id, "ops");
    expect((await ledger.purge(id)).timeline.at(-1)).toMatchObject({ by: "ops", state: "queued" });
    await ledger.settle((await ledger.leaseDue("send"))[0], timedOut);
    expect(await ledger.purge(id)).toMatchObject({ state: "abandoned", units: 2 });
  });
});
