import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { accepted, testLedger } from "../support/test-ledger.ts";

await describeOnEveryRedis("ledger", (backend) => {
  test("a purge goes from queued to completed for one unit", async () => {
    const ledger = testLedger(backend);
    const reply = await ledger.submit(["a", "b"], { wave: 1 });
    if (reply.outcome !== "reserved") throw new Error(reply.outcome);
    expect(reply.leases).toHaveLength(1);
    await ledger.settle(reply.leases[0], accepted("ik1"));
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });
});
