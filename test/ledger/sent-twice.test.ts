import { expect, test } from "vitest";
import type { Ledger } from "../../src/ledger/contract.ts";
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
  unauthorized,
} from "../support/test-ledger.ts";

const profile = { name: "shop", paths: ["/"], endpoints: ["https://x.test"], transformations: ["tr:w-400"] };
const sevenNames = ["a", "b", "c", "d", "e", "f", "g"];

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

/** Brings a ledger into a situation in which a method has something to do, and gives the call. */
type Prepare = (ledger: TestLedger) => Promise<(ledger: TestLedger) => Promise<unknown>>;

/** `onBehalfOf` asks Redis nothing itself. */
type Method = Exclude<keyof Ledger, "onBehalfOf">;

/** Every method of the ledger, by type: a new one does not compile until it stands here. */
const situations: Readonly<Record<Method, Readonly<Record<string, Prepare>>>> = {
  plan: {
    "of one URL": async () => (ledger) =>
      ledger.plan({ actor: "shop", urls: ["https://x.test/a"], changedAt: 0 }),
  },
  reserve: {
    "with a join and a wave": async (ledger) => {
      await ledger.accept(["a"]);
      const idempotency = { keyHash: "k", bodyHash: "b" };
      return () => ledger.submit(["a", "b", "c"], { wave: 1, idempotency });
    },
    "that is exhausted": async () => (ledger) => ledger.submit(sevenNames),
    "that holds": async () => (ledger) => ledger.submit(sevenNames, { onExhausted: "hold", wave: 2 }),
  },
  prepare: {
    "with a known key": async (ledger) => {
      const idempotency = { keyHash: "k", bodyHash: "b" };
      await ledger.accept(["a"], { idempotency });
      return () => ledger.prepare({ idempotency });
    },
  },
  readProfiles: {
    "of one profile": async (ledger) => {
      await ledger.changeProfile({ name: "shop", profile, expectedVersion: 0, actor: "admin" });
      return () => ledger.readProfiles();
    },
  },
  changeProfile: {
    "that creates": async () => (ledger) =>
      ledger.changeProfile({ name: "shop", profile, expectedVersion: 0, actor: "admin" }),
    "that deletes": async (ledger) => {
      await ledger.changeProfile({ name: "shop", profile, expectedVersion: 0, actor: "admin" });
      return () => ledger.changeProfile({ name: "shop", expectedVersion: 1, actor: "admin" });
    },
    "that comes too late": async (ledger) => {
      await ledger.changeProfile({ name: "shop", profile, expectedVersion: 0, actor: "admin" });
      return () => ledger.changeProfile({ name: "shop", expectedVersion: 0, actor: "admin" });
    },
  },
  advance: {
    "that settles and leases": async (ledger) => {
      const { leases, batch } = await ledger.accept(["a", "b", "c"], { wave: 2 });
      const settlements = [settlementOf(leases[0], accepted("ik1")), settlementOf(leases[1], timedOut)];
      const lease = { endpoint: "send" as const, token: "wave-2", limit: 5 };
      return () => ledger.advance({ settlements, lease, batchId: batch.id });
    },
    "with an expired lease, and nothing to lease": async (ledger) => {
      await ledger.send("a");
      ledger.time.now += 60_000;
      return () => ledger.ask("send");
    },
    "that resends": async (ledger) => {
      await ledger.settle(await ledger.send("a"), timedOut);
      ledger.time.now += 60_000;
      return () => ledger.ask("send");
    },
    "that leases a poll": async (ledger) => {
      await ledger.pend("a");
      ledger.time.now += 5_000;
      return () => ledger.ask("poll");
    },
    "that completes": async (ledger) => {
      await ledger.pend("a");
      ledger.time.now += 5_000;
      const [lease] = await ledger.leaseDue("poll");
      return () => ledger.settle(lease, completed);
    },
  },
  readPurge: {
    "of a queued purge": async (ledger) => {
      const { ids } = await ledger.accept(["a"]);
      return () => ledger.readPurge(ids[0] ?? "");
    },
  },
  readBatch: {
    "of one purge": async (ledger) => {
      const { batch } = await ledger.accept(["a"]);
      return () => ledger.readBatch(batch.id);
    },
  },
  listPurges: {
    "one of two": async (ledger) => {
      await ledger.accept(["a", "b"]);
      return () => ledger.listPurges({ limit: 1 });
    },
  },
  readBudget: { "of a new ledger": async () => (ledger) => ledger.readBudget() },
  readMonth: {
    "with spending and a correction": async (ledger) => {
      await ledger.accept(["a", "b"], { wave: 1 });
      await ledger.correct({ external: 1, actor: "admin" });
      return () => ledger.readMonth();
    },
  },
  health: { "of a new ledger": async () => (ledger) => ledger.health() },
  readSweepState: {
    "while a purge is held": async (ledger) => {
      await ledger.correct({ external: 5, actor: "admin" });
      await ledger.accept(["a"], { onExhausted: "hold" });
      return () => ledger.readSweepState();
    },
  },
  probe: { once: async () => (ledger) => ledger.probe() },
  check: {
    "with an open purge": async (ledger) => {
      await ledger.accept(["a"]);
      return () => ledger.check();
    },
  },
  repair: {
    "with an open purge": async (ledger) => {
      await ledger.accept(["a"]);
      return () => ledger.repair();
    },
  },
  recordHeartbeat: { once: async () => (ledger) => ledger.recordHeartbeat() },
  cancel: {
    "of the only batch": async (ledger) => {
      const { ids } = await ledger.accept(["a"]);
      return () => ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    },
    "of one batch of two": async (ledger) => {
      const { ids } = await ledger.accept(["a"]);
      await ledger.accept(["a"], { actor: "cms" });
      return () => ledger.cancel(ids[0] ?? "", { actor: "cms", scope: "own-batches" });
    },
    "of one named batch": async (ledger) => {
      const { ids } = await ledger.accept(["a"]);
      const { batch } = await ledger.accept(["a"]);
      return () => ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches", batchId: batch.id });
    },
  },
  resend: {
    "of an unknown purge": async (ledger) => {
      const lease = await ledger.send("a");
      await ledger.settle(lease, timedOut);
      return () => ledger.resend(lease.purgeId, "admin");
    },
  },
  close: {
    "of an unknown purge": async (ledger) => {
      const lease = await ledger.send("a");
      await ledger.settle(lease, timedOut);
      return () => ledger.close(lease.purgeId, "admin");
    },
    "of a purge that was given up": async (ledger) => {
      const lease = await ledger.send("a");
      await ledger.settle(lease, timedOut);
      await ledger.resend(lease.purgeId, "admin");
      await ledger.settle((await ledger.leaseDue("send"))[0], timedOut);
      return () => ledger.close(lease.purgeId, "admin");
    },
  },
  tryNow: {
    "behind a breaker": async (ledger) => {
      await ledger.settle(await ledger.send("a"), unauthorized);
      return () => ledger.tryNow();
    },
    "while the key is accepted": async (ledger) => {
      await ledger.accept(["a"]);
      return () => ledger.tryNow();
    },
  },
  correct: {
    "beside reserved units": async (ledger) => {
      await ledger.accept(["a", "b"]);
      return () => ledger.correct({ external: 4, actor: "admin", reason: "dashboard" });
    },
  },
};

const rows = Object.entries(situations).flatMap(([method, prepares]) =>
  Object.entries(prepares).map(([situation, prepare]) => [method, situation, prepare] as const),
);

/** Ids are counters: both runs of a situation are told apart by nothing else. */
const withoutIds = (answer: unknown) => JSON.stringify(answer)?.replace(/[pblo]\d{6}/g, "id");

describeLedger("a call whose reply was lost", (backend) => {
  test.each(rows)("%s %s, sent twice, answers the same and changes nothing", async (_, __, prepare) => {
    const policy = { quota: 5 };
    const once = testLedger(backend, policy);
    const expected = await (await prepare(once))(once);
    await backend.flush();

    const twice = testLedger(backend, policy);
    const call = await prepare(twice);
    const { lastBefore } = loseFirstReply(backend);
    const answer = await call(twice);
    backend.bridge.setFault(undefined);
    expect(withoutIds(answer)).toBe(withoutIds(expected));
    const before = await lastBefore();
    expect(before, "the call was sent twice").toBeDefined();
    expect(await redisContent(backend.raw)).toEqual(before);
  });

  test("G2: the lease of a lost reply is granted again, and charged once", async () => {
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
});
