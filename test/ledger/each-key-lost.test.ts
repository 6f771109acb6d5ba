import { expect, test } from "vitest";
import { isTerminal } from "../../src/domain/purge.ts";
import { ledgerKeys } from "../../src/ledger/keys.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { seen } from "../support/edge-readings.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { sweepEvery } from "../support/sweep-every.ts";
import {
  hour,
  minute,
  second,
  settlementOf,
  type TestLedger,
  testLedger,
  untraceable,
} from "../support/test-ledger.ts";

const quota = 18;
/** What `atWork` sends: five purges. */
const sentBefore = 5;
const rate = { perSecond: 100, burst: 1_000 };
const policy = { quota, repeatLimit: 1, callerRate: rate, sendRate: rate, pollRate: rate };
const everyKey = ledgerKeys("test");
const names = [...everyKey.all, ...Object.values(everyKey.families).map((family) => `${family}*`)];

/** The keys whose loss is no damage, and why. That of every other one is an alarm that names it. */
const harmless: Readonly<Record<string, string>> = {
  "pace:send": "ImageKit says again what it wants: 429, 401 or nothing",
  "pace:poll": "the same",
  alarms: "those of purges are counted elsewhere",
  heartbeat: "the next sweep writes it",
  "profile-changes": "history only: the profiles are there",
  repeating: "it shows for an hour",
  unchanged: "it is counted anew",
  checks: "older deployments leave such: an audit puts them back",
  "corrections:*": "history only: the figure is the month's",
  "target:*": "the next request of the target pays once more",
  "changed:*": "the same, where a clock runs ahead",
  "given:*": "an SDK's resend pays once more",
  "idempotency:*": "a repeated request joins what was sent after the change",
  "lease:*": "a rerun leases anew, and what it lost becomes unknown",
  "rest:*": "the lane is looked at once more",
  "repeats:*": "the hour begins anew",
  "rate:*": "the bucket is full",
  "drop-in:*": "the records have the ids, and are searched",
};
/** Nothing counts these. So health does not miss them at once; the next audit does. */
const missedByAudits = ["purge:*", "batch:*", "waiting:*"];

describeOnEveryRedis("a ledger that lost one key", (backend) => {
  /** Makes every key that the schema has. */
  async function atWork(ledger: TestLedger) {
    await ledger.correct({ external: 0, actor: "admin" });
    await ledger.changeProfile({
      name: "shop",
      profile: { name: "shop", paths: ["/"], endpoints: ["https://x.test"], transformations: [] },
      expectedVersion: 0,
      actor: "admin",
    });
    await ledger.recordHeartbeat();
    await ledger.complete("same");
    ledger.time.now += 5 * second;
    const [check] = await ledger.leaseDue("check");
    await ledger.advance({ settlements: [settlementOf(check, seen("unchanged", ledger.time.now))] });
    const done = await ledger.complete("done");
    expect((await ledger.submit(["done"])).outcome).toBe("repeating");
    const unknown = await ledger.send("unknown");
    await ledger.settle(unknown, untraceable);
    const pending = await ledger.pend("pending", {
      changedAt: ledger.time.now + 30_001,
      idempotency: { keyHash: "k", bodyHash: "b" },
    });
    await ledger.leaseDue("poll");
    const sending = await ledger.send("sending", { dropIn: { id: "d".repeat(24), isResend: false } });
    const scheduled = await ledger.accept(["s1", "s2"], { sendAfter: ledger.time.now + hour });
    const settling = await ledger.accept(["t1"], { settleMs: 10 * minute });
    await ledger.onBehalfOf({ caller: "shop" }).readPurge(done);
    const room = (await ledger.readBudget()).available;
    const queued = Array.from({ length: room + 2 }, (_, i) => `q${i}`);
    const { ids } = await ledger.accept(queued, { onExhausted: "hold" });
    await backend.raw.set("test:1:rest:check", ledger.time.now + 1);
    return [done, unknown.purgeId, pending, sending.purgeId, ...scheduled.ids, ...settling.ids, ...ids];
  }

  async function lose(name: string) {
    const keys = name.endsWith("*") ? await backend.raw.keys(name) : [name];
    expect(await backend.raw.del(...keys), name).toBeGreaterThan(0);
  }

  const damageIn = async (ledger: TestLedger) =>
    (await ledger.health()).alarms.find(({ code }) => code === "ledger-damaged")?.message ?? "";

  test.each(names)(
    "G1, G3: without %s nothing is sent beyond the quota, and nothing strands unseen",
    async (name) => {
      const ledger = testLedger(backend, policy);
      const ids = await atWork(ledger);
      await lose(name);
      const cold = testLedger(backend, policy, 0, ledger);
      const short = name.replace(/^test:(1:)?/, "");
      if (missedByAudits.includes(short)) await cold.audit();
      if (short in harmless) expect(await damageIn(cold)).toBe("");
      else expect(await damageIn(cold)).toContain(name.replace("*", ""));

      expect(sentBefore + (await sweepEvery(60, 3, cold))).toBeLessThanOrEqual(quota);
      if (!(short in harmless)) return;
      expect(await cold.alarmCodes()).toContain("unknown-not-resent");
      const states = await Promise.all(ids.map(cold.stateOf));
      // Two are held, two unknown: the month has no unit for them.
      expect(states.filter((state) => !isTerminal(state)).toSorted()).toEqual([
        "held",
        "held",
        "unknown",
        "unknown",
      ]);
      if (short !== "alarms") expect(await auditLedger(backend.raw, "test")).toEqual([]);
    },
  );
});
