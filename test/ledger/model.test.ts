import fc from "fast-check";
import { test } from "vitest";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { testLedger } from "../support/test-ledger.ts";
import { emptyModel } from "./model.ts";
import { ledgerCommands } from "./model-commands.ts";
import { crowdCommands } from "./model-crowd.ts";
import { repeatLimit } from "./model-repeats.ts";

const { PURGE_DESK_MODEL_RUNS, PURGE_DESK_MODEL_SEED } = process.env;
const runs = {
  ...propertyRuns({ all: 8, fast: 2 }),
  ...(PURGE_DESK_MODEL_RUNS !== undefined && { numRuns: Number(PURGE_DESK_MODEL_RUNS) }),
  ...(PURGE_DESK_MODEL_SEED !== undefined && { seed: Number(PURGE_DESK_MODEL_SEED) }),
};

/** Ten minutes before a month turns. */
const startsAt = Date.parse("2026-11-30T23:50:00.000Z");

describeOnEveryRedis("ledger model", (backend) => {
  test("G1–G6 hold in any order of operations, crashes, repeats and turns of the month", {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(ledgerCommands, (commands) =>
        fc.asyncModelRun(async () => {
          await backend.raw.flushall();
          const first = testLedger(backend, { quota: 9, repeatLimit }, startsAt);
          const second = testLedger(
            backend,
            { quota: 7, margin: 1, refusedCosts: "unit" as const, repeatLimit },
            startsAt,
            first,
          );
          return { model: emptyModel(), real: { ledgers: [first, second] as const, backend } };
        }, commands),
      ),
      runs,
    );
  });

  test("with many purges at once at most 40 are under way", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(crowdCommands, (commands) =>
        fc.asyncModelRun(async () => {
          await backend.raw.flushall();
          const first = testLedger(backend, { quota: 150 }, startsAt);
          const second = testLedger(backend, { quota: 140, resendUnknown: "never" }, startsAt, first);
          return { model: emptyModel(), real: { ledgers: [first, second] as const, backend } };
        }, commands),
      ),
      { ...runs, numRuns: Math.ceil((runs.numRuns ?? 8) / 4) },
    );
  });
});
