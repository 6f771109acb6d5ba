import type { Clock } from "../../src/domain/time.ts";
import type { Ledger } from "../../src/ledger/contract.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import type { Services } from "../../src/services.ts";

/** The ledger of these services, whose scripts take the time of this clock for Redis's. */
export function ledgerAt(clock: Clock, { config, makeId }: Pick<Services, "config" | "makeId">): Ledger {
  const { redis, ledgerName: name, policy } = config;
  return createLedger({ redis, name, policy, clock, makeId: () => makeId("o"), now: clock.now });
}
