import type { Ledger } from "../../src/ledger/contract.ts";
import type { Settlement } from "../../src/ledger/leases.ts";
import { reading, seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  settlementOf,
  type TestLedger,
  timedOut,
  unauthorized,
} from "../support/test-ledger.ts";

const profile = { name: "shop", paths: ["/"], endpoints: ["https://x.test"], transformations: ["tr:w-400"] };
const sevenNames = ["a", "b", "c", "d", "e", "f", "g"];

/** Brings a ledger into a situation in which a method has something to do, and gives the call. */
type Prepare = (ledger: TestLedger) => Promise<(ledger: TestLedger) => Promise<unknown>>;

/** `onBehalfOf` asks Redis nothing itself. */
type Method = Exclude<keyof Ledger, "onBehalfOf">;

/** A purge whose check has ended as an alarm. */
async function staleOne(ledger: TestLedger): Promise<string> {
  const id = await ledger.complete("a");
  ledger.time.now += 5_000;
  await ledger.settle((await ledger.leaseDue("check"))[0], seen("stale", ledger.time.now));
  return id;
}

/** Every method of the ledger, by type: a new one does not compile until it stands here. */
export const situations: Readonly<Record<Method, Readonly<Record<string, Prepare>>>> = {
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
    "that asks for checks, of a purge that it joins too": async (ledger) => {
      await ledger.accept(["a"]);
      const changedAt = ledger.time.now - 1;
      return () => ledger.submit(["a", "b"], { wave: 1, check: "waiting", changedAt });
    },
    "that purges again what is still served as it was": async (ledger) => {
      await staleOne(ledger);
      return () => ledger.submit(["a"], { check: "waiting", wave: 1 });
    },
    "that is exhausted": async () => (ledger) => ledger.submit(sevenNames),
    "that is scheduled": async () => (ledger) =>
      ledger.submit(["a", "b"], { wave: 2, sendAfter: ledger.time.now + 60_000 }),
    "that sends a settling purge sooner": async (ledger) => {
      await ledger.accept(["a"], { settleMs: 60_000 });
      return () => ledger.submit(["a", "b"], { wave: 2 });
    },
    "that repeats too often": async (ledger) => {
      for (let made = 0; made < 2; made++) {
        await ledger.send("a");
        ledger.time.now += 1;
      }
      return () => ledger.submit(["b", "a"]);
    },
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
      const lease = { lane: "send" as const, token: "wave-2", limit: 5 };
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
    "that wakes scheduled purges": async (ledger) => {
      await ledger.accept(["a", "b"], { sendAfter: ledger.time.now + 60_000 });
      await ledger.accept(["c"], { sendAfter: ledger.time.now + 120_000 });
      ledger.time.now += 60_000;
      return () => ledger.ask("send");
    },
    "that keeps what was served beside a send": async (ledger) => {
      const lease = await ledger.send("a", { check: "waiting" });
      const settlement = { ...settlementOf(lease, accepted("ik1")), before: reading(ledger.time.now, "old") };
      return () => ledger.advance({ settlements: [settlement as Settlement] });
    },
    "that completes a purge with a check": async (ledger) => {
      await ledger.pend("a", { check: "waiting" });
      ledger.time.now += 5_000;
      const [lease] = await ledger.leaseDue("poll");
      return () => ledger.settle(lease, completed);
    },
    "that leases an edge check": async (ledger) => {
      await ledger.complete("a");
      ledger.time.now += 5_000;
      return () => ledger.ask("check");
    },
    "with no edge check to lease": async () => (ledger) => ledger.ask("check"),
    "that settles edge checks of each kind, and leases more": async (ledger) => {
      const outcomes = ["fresh", "unchanged", "unchanged", "stale", "undecided"] as const;
      for (const [i] of outcomes.entries()) await ledger.complete(`a${i}`);
      ledger.time.now += 5_000;
      const leases = await ledger.leaseDue("check");
      const settlements = leases.map((lease, i) =>
        settlementOf(lease, seen(outcomes[i] ?? "gone", ledger.time.now)),
      );
      const lease = { lane: "check" as const, token: "more", limit: 5 };
      return () => ledger.advance({ settlements, lease });
    },
    "that ends the alarm about an old copy": async (ledger) => {
      await staleOne(ledger);
      ledger.time.now += 86_400_000;
      return () => ledger.ask("check");
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
  audit: {
    "with an open purge": async (ledger) => {
      await ledger.accept(["a"]);
      return () => ledger.audit();
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
    "of a scheduled purge": async (ledger) => {
      const { ids } = await ledger.accept(["a"], { sendAfter: ledger.time.now + 60_000 });
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
    "of a purge whose old copy is still served": async (ledger) => {
      const id = await staleOne(ledger);
      return () => ledger.close(id, "admin");
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
