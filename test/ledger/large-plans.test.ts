import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { testLedger } from "../support/test-ledger.ts";

describeLedger("large plans", (backend) => {
  test("a plan of 10,000 targets finds every join among them", async () => {
    const ledger = testLedger(backend, { quota: 20_000, repeatLimit: 6 });
    const { ids } = await ledger.accept(["u0", "u4000", "u9999"]);
    const urls = Array.from({ length: 10_000 }, (_, i) => `https://x.test/u${i}`);
    const { joins } = await ledger.plan({ urls, actor: "shop" });
    expect([...joins]).toEqual(["u0", "u4000", "u9999"].map((name, i) => [`https://x.test/${name}`, ids[i]]));
    const changedAt = ledger.time.now + 10_001;
    expect((await ledger.plan({ urls, actor: "shop", changedAt })).joins.size).toBe(3);
  });

  test("a plan says of 10,000 targets which ones repeat too often", async () => {
    const ledger = testLedger(backend, { repeatLimit: 1 });
    await ledger.accept(["u3999", "u9999"], { wave: 2 });
    ledger.time.now += 1;
    const urls = Array.from({ length: 10_000 }, (_, i) => `https://x.test/u${i}`);
    const { repeating, joins } = await ledger.plan({ urls, actor: "shop" });
    expect(joins.size).toBe(0);
    expect([...repeating.keys()]).toEqual(["https://x.test/u3999", "https://x.test/u9999"]);
  });
});
