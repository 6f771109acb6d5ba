import { expect, test } from "vitest";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { testLedger } from "../support/test-ledger.ts";

describeOnEveryRedis("an error of Redis that quotes the command", (redis) => {
  test.each(["FORBIDDEN", "WRONGTYPE", "NOPERIOD", "NOSCRIPT"])(
    "G1: a call that Redis answered with 500 is rerun, even if a URL in the quoted command contains %s",
    async (word) => {
      const ledger = testLedger(redis);
      let failures = 2;
      redis.bridge.setFault(() => (failures-- > 0 ? { status: 500 } : "pass"));
      const reply = await ledger.submit([`${word}.jpg`]);
      expect(reply.outcome).toBe("reserved");
    },
  );

  test("G1: a call that Redis answered with 500 is rerun even while it sends the script itself", async () => {
    const ledger = testLedger(redis);
    await redis.raw.script("FLUSH");
    const failed = new Set<string>();
    redis.bridge.setFault(({ commands }) => {
      const name = commands[0]?.[0] ?? "";
      if (name !== "EVAL" || failed.has(name)) return "pass";
      failed.add(name);
      return { status: 500 };
    });
    expect((await ledger.submit(["a"])).outcome).toBe("reserved");
    expect(failed).toContain("EVAL");
  });
});
