import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { accepted, refused, testLedger, throttled } from "../support/test-ledger.ts";

const pastLeaseMs = 61_000;
const pastPauseMs = 61_000;
const unsent = { outcome: "unsent" } as const;

const late = [
  ["unsent", unsent, { state: "queued", units: 1, attempts: 0 }],
  ["throttled", throttled, { state: "queued", units: 1, attempts: 1 }],
  ["refused", refused, { state: "refused", units: 0, attempts: 1 }],
  ["accepted", accepted("0123456789abcdef01234567"), { state: "pending", units: 1, attempts: 1 }],
] as const;

describeOnEveryRedis("an answer after its lease ran out", (redis) => {
  testAll("before the resend is queued", pastLeaseMs);
  testAll("while the resend is queued", pastLeaseMs + pastPauseMs);

  function testAll(when: string, passedMs: number) {
    test.each(late)(
      `G2, G4: after its lease expired, ${when}, %s still counts, with its unit and its attempt`,
      async (_, result, expected) => {
        const ledger = testLedger(redis);
        const batch = await ledger.submit(["a"], { wave: 1 });
        if (batch.outcome !== "reserved") throw new Error(batch.outcome);
        for (let passed = 0; passed < passedMs; passed += pastLeaseMs) {
          ledger.time.now += pastLeaseMs;
          await ledger.advance({
            settlements: [],
            lease: { lane: "send", token: ledger.nextId("l"), limit: 0 },
          });
        }
        await ledger.settle(batch.leases[0], result);
        expect(await ledger.readPurge(batch.batch.purges[0]?.id ?? "")).toMatchObject(expected);
        expect(await auditLedger(redis.raw, "test")).toEqual([]);
      },
    );
  }
});
