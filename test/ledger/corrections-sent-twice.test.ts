import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { testLedger } from "../support/test-ledger.ts";

describeLedger("a correction whose reply was lost", (backend) => {
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
    const [command = "", ...args] = requests.find(([name]) => name === "EVALSHA") ?? [];
    await backend.raw.call(command, args);
    expect((await ledger.readBudget()).external).toBe(3);
  });
});
