import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import type { RedisBackend } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import {
  accepted,
  completed,
  settlementOf,
  type TestLedger,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

/** Loses the reply of the first execution, and sees what Redis held after it. */
function loseFirstReply(backend: RedisBackend) {
  const seen = new Set<string>();
  const afterFirst: Promise<Readonly<Record<string, string>>>[] = [];
  backend.bridge.setFault(async ({ commands }) => {
    const name = commands[0]?.[0] ?? "";
    if (!seen.has(name)) {
      seen.add(name);
      return "lose-reply";
    }
    afterFirst.push(redisContent(backend.raw));
    await afterFirst.at(-1);
    return "pass";
  });
  return { lastBefore: async () => afterFirst.at(-1) };
}

type Prepared = { readonly call: (ledger: TestLedger) => Promise<unknown>; readonly minutes?: number };

/** Each method in a situation in which it has something to do. */
const methods: Readonly<Record<string, (ledger: TestLedger) => Promise<Prepared>>> = {
  plan: async () => ({ call: (ledger) => ledger.plan({ urls: ["https://x.test/a"], changedAt: 0 }) }),
  reserve: async (ledger) => {
    await ledger.accept(["a"]);
    const idempotency = { keyHash: "k", bodyHash: "b" };
    return { call: () => ledger.submit(["a", "b", "c"], { wave: 1, idempotency }) };
  },
  "reserve that is exhausted": async () => ({
    call: (ledger) => ledger.submit(["a", "b", "c", "d", "e", "f", "g"]),
  }),
  "reserve that holds": async () => ({
    call: (ledger) => ledger.submit(["a", "b", "c", "d", "e", "f", "g"], { onExhausted: "hold", wave: 2 }),
  }),
  "advance: settle and lease": async (ledger) => {
    const { leases, batch } = await ledger.accept(["a", "b", "c"], { wave: 2 });
    const settlements = [settlementOf(leases[0], accepted("ik1")), settlementOf(leases[1], timedOut)];
    const lease = { endpoint: "send" as const, token: "wave-2", limit: 5 };
    return { call: () => ledger.advance({ settlements, lease, batchId: batch.id }) };
  },
  "advance: an expired lease, and nothing to lease": async (ledger) => {
    await ledger.send("a");
    ledger.time.now += 60_000;
    return { call: () => ledger.ask("send") };
  },
  "advance: a resend": async (ledger) => {
    await ledger.settle(await ledger.send("a"), timedOut);
    ledger.time.now += 60_000;
    return { call: () => ledger.ask("send") };
  },
  "advance: polls": async (ledger) => {
    await ledger.pend("a");
    ledger.time.now += 5_000;
    return { call: () => ledger.ask("poll") };
  },
  "advance: completed": async (ledger) => {
    await ledger.pend("a");
    ledger.time.now += 5_000;
    const [lease] = await ledger.leaseDue("poll");
    return { call: () => ledger.settle(lease, completed) };
  },
  readPurge: async (ledger) => {
    const { ids } = await ledger.accept(["a"]);
    return { call: () => ledger.readPurge(ids[0] ?? "") };
  },
  readBatch: async (ledger) => {
    const { batch } = await ledger.accept(["a"]);
    return { call: () => ledger.readBatch(batch.id) };
  },
  listPurges: async (ledger) => {
    await ledger.accept(["a", "b"]);
    return { call: () => ledger.listPurges({ limit: 1 }) };
  },
  readBudget: async () => ({ call: (ledger) => ledger.readBudget() }),
  readMonth: async (ledger) => {
    await ledger.accept(["a", "b"], { wave: 1 });
    await ledger.correct({ external: 1, actor: "admin" });
    return { call: () => ledger.readMonth() };
  },
  health: async () => ({ call: (ledger) => ledger.health() }),
  readSweepState: async () => ({ call: (ledger) => ledger.readSweepState() }),
  probe: async () => ({ call: (ledger) => ledger.probe() }),
  recordHeartbeat: async () => ({ call: (ledger) => ledger.recordHeartbeat() }),
  cancel: async (ledger) => {
    const { ids } = await ledger.accept(["a"]);
    return { call: () => ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" }) };
  },
  "cancel: one batch of two": async (ledger) => {
    const { ids } = await ledger.accept(["a"]);
    await ledger.accept(["a"], { actor: "cms" });
    return { call: () => ledger.cancel(ids[0] ?? "", { actor: "cms", scope: "own-batches" }) };
  },
  resend: async (ledger) => {
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    return { call: () => ledger.resend(lease.purgeId, "admin") };
  },
  close: async (ledger) => {
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    return { call: () => ledger.close(lease.purgeId, "admin") };
  },
  correct: async (ledger) => {
    await ledger.accept(["a", "b"]);
    return { call: () => ledger.correct({ external: 4, actor: "admin", reason: "dashboard" }) };
  },
};

/** Ids are counters: both runs of a situation are told apart by nothing else. */
const withoutIds = (answer: unknown) => JSON.stringify(answer)?.replace(/[pblo]\d{6}/g, "id");

describeLedger("a call whose reply was lost", (backend) => {
  test.each(Object.keys(methods))("%s: sent twice, it answers the same and changes nothing", async (name) => {
    const policy = { quota: 5 };
    const once = testLedger(backend, policy);
    const expected = await (await methods[name]?.(once))?.call(once);
    await backend.flush();

    const twice = testLedger(backend, policy);
    const prepared = await methods[name]?.(twice);
    const { lastBefore } = loseFirstReply(backend);
    const answer = await prepared?.call(twice);
    backend.bridge.setFault(undefined);
    expect(withoutIds(answer)).toBe(withoutIds(expected));
    expect(await redisContent(backend.raw)).toEqual(await lastBefore());
  });

  test("G2: the lease of a lost reply is given again, and charged once", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a", "b"]);
    loseFirstReply(backend);
    expect(await ledger.leaseDue("send")).toHaveLength(2);
    backend.bridge.setFault(undefined);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });

  test("a lease request that was answered with nothing and arrives again gives nothing that nobody awaits", async () => {
    const ledger = testLedger(backend);
    const request = { settlements: [], lease: { endpoint: "send" as const, token: "delayed", limit: 5 } };
    expect((await ledger.advance(request)).leases).toEqual([]);
    const { ids } = await ledger.accept(["a"]);
    expect((await ledger.advance(request)).leases).toEqual([]);
    expect(await ledger.stateOf(ids[0] ?? "")).toBe("queued");
  });

  test("a correction that arrives again after the month turned says nothing of the new month", async () => {
    const newYear = Date.parse("2027-01-01T00:00:00.000Z");
    const ledger = testLedger(backend, {}, newYear - 1);
    await ledger.correct({ external: 1, actor: "admin" });
    backend.bridge.setFault(() => {
      backend.bridge.setFault(undefined);
      ledger.time.now = newYear;
      return "lose-reply";
    });
    expect(await ledger.correct({ external: 40, actor: "admin" })).toMatchObject({
      month: "2027-01",
      external: 0,
    });
    expect((await ledger.health()).externalStated).toBe(false);
    expect(await backend.raw.hget(`test:1:month:${Date.parse("2026-12-01T00:00:00Z")}`, "external")).toBe(
      "40",
    );
  });

  test("an older correction that arrives again does not undo a newer one", async () => {
    const ledger = testLedger(backend);
    const requests: (readonly string[])[] = [];
    backend.bridge.setFault(({ commands }) => {
      requests.push(...commands);
      return "pass";
    });
    await ledger.correct({ external: 10, actor: "admin" });
    await ledger.correct({ external: 3, actor: "admin" });
    backend.bridge.setFault(undefined);
    const [command = "", ...args] = requests.filter(([name]) => name === "EVAL")[0] ?? [];
    await backend.raw.call(command, args);
    expect((await ledger.readBudget()).external).toBe(3);
  });
});
