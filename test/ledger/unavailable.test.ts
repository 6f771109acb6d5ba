import { expect, test } from "vitest";
import type { Clock } from "../../src/domain/time.ts";
import { LedgerUnavailable } from "../../src/ledger/contract.ts";
import type { RedisFault } from "../../src/local/redis/fault.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { describeOn } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import { midNovember, testLedger } from "../support/test-ledger.ts";

/** Time passes only where somebody waits for it. */
function patientClock(): Clock & { readonly waitedMs: () => number } {
  let nowMs = 0;
  return {
    now: () => midNovember,
    monotonicMs: () => nowMs,
    sleep: async (durationMs) => {
      nowMs += durationMs;
    },
    waitedMs: () => nowMs,
  };
}

describeLedger("a Redis that is away", (backend) => {
  test("a call to an unavailable Redis is rerun for 2 s and then fails, and nothing is written", async () => {
    const clock = patientClock();
    const ledger = testLedger(backend, {}, midNovember, { clock });
    backend.bridge.setFault(() => "lose-request");
    await expect(ledger.submit(["a"])).rejects.toThrow(LedgerUnavailable);
    await expect(ledger.readPurge("p1")).rejects.toThrow(LedgerUnavailable);
    expect(clock.waitedMs()).toBeGreaterThan(2 * 1_000);
    expect(clock.waitedMs()).toBeLessThanOrEqual(2 * 2_000);
    expect(await redisContent(backend.raw)).toEqual({});
  });

  test("a caller does not notice that Redis was unavailable for a moment", async () => {
    const ledger = testLedger(backend, {}, midNovember, { clock: patientClock() });
    let failures = 3;
    backend.bridge.setFault(() => (failures-- > 0 ? { status: 503 } : "pass"));
    expect((await ledger.accept(["a"])).batch.units).toBe(1);
  });

  test("G4: a reservation whose reply took longer than 2 s is rerun once, to learn its leases", async () => {
    const clock = patientClock();
    const ledger = testLedger(backend, {}, midNovember, { clock });
    await ledger.accept(["first"]);
    backend.bridge.setFault(async (): Promise<RedisFault> => {
      backend.bridge.setFault(undefined);
      await clock.sleep(3_000);
      return "lose-reply";
    });
    expect((await ledger.accept(["a"], { wave: 1 })).leases).toHaveLength(1);
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1 });
  });

  test("the error of an unavailable Redis names neither URLs nor the token", async () => {
    const ledger = testLedger(backend, {}, midNovember, { clock: patientClock() });
    backend.bridge.setFault(() => ({ status: 500 }));
    const error = await ledger.submit(["secret?ik-s=abc"]).catch((thrown: unknown) => thrown);
    const shown = error instanceof Error ? `${String(error)} ${String(error.cause)}` : "";
    expect(shown).toContain("LedgerUnavailable");
    expect(shown).not.toContain("ik-s");
    expect(shown).not.toContain(backend.token);
  });

  test("words of a caller in Redis' error are not mistaken for an error code", async () => {
    const ledger = testLedger(backend, {}, midNovember, { clock: patientClock() });
    backend.bridge.setFault(() => ({ status: 500 }));
    await expect(ledger.submit(["a"], { reason: "WRONGTYPE FORBIDDEN" })).rejects.toThrow(LedgerUnavailable);
  });

  test("scripts that Redis forgot between two calls are sent again", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b"]);
    await backend.raw.script("FLUSH");
    const leases = await ledger.leaseDue("send", 1);
    await backend.raw.script("FLUSH");
    await ledger.settle(leases[0], { outcome: "accepted", status: 201, imagekitRequestId: "ik1" });
    await backend.raw.script("FLUSH");
    expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["pending", "queued"]);
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1 });
  });
});

describeOn("redis-server", "a redis-server that takes no writes", (backend) => {
  test("a redis-server that accepts no writes counts as unavailable, so the caller is told to try again", async () => {
    const ledger = testLedger(backend, {}, midNovember, { clock: patientClock() });
    await ledger.accept(["a"]);
    await backend.raw.config("SET", "maxmemory", "1");
    try {
      await expect(ledger.submit(["b"])).rejects.toThrow(LedgerUnavailable);
    } finally {
      await backend.raw.config("SET", "maxmemory", "0");
    }
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1 });
  });
});
