import { advance } from "./advance.ts";
import { type ConnectionOptions, connect } from "./connection.ts";
import type { Ledger } from "./contract.ts";
import { correct } from "./correct.ts";
import { health } from "./health.ts";
import { ledgerKeys } from "./keys.ts";
import { listPurges } from "./list-purges.ts";
import { operateOn } from "./operate.ts";
import { plan } from "./plan.ts";
import { changeProfile, prepare, readProfiles } from "./profiles.ts";
import { readBatch } from "./read-batch.ts";
import { readBudget } from "./read-budget.ts";
import { createEvictionReader } from "./read-eviction.ts";
import { readMonth } from "./read-month.ts";
import { readPurge } from "./read-purge.ts";
import { repair } from "./repair.ts";
import { reserve } from "./reserve.ts";
import { tryNow } from "./try-now.ts";

export type LedgerOptions = Omit<ConnectionOptions, "keys"> & {
  /** PURGE_LEDGER: the account's name, with which every key begins. */
  readonly name: string;
  /** Makes an id for each operation, so that a script recognises a rerun. */
  readonly makeId: () => string;
};

/** The ledger of one ImageKit account. */
export function createLedger({ name, makeId, ...options }: LedgerOptions): Ledger {
  const keys = ledgerKeys(name);
  const { runsFor, command, witness } = connect({ ...options, keys });
  const readEviction = createEvictionReader(options.clock);
  const nowMs = () => options.now?.() ?? options.clock.now();

  const onBehalfOf: Ledger["onBehalfOf"] = (principal) => {
    const { run, limited } = runsFor(principal);
    return {
      plan: (targets) => plan(limited, targets),
      reserve: (reservation) => reserve(limited, reservation),
      prepare: (request) => prepare(limited, request),
      readProfiles: () => readProfiles(limited),
      changeProfile: (change) => changeProfile(limited, { ...change, operation: makeId() }),
      // Purges that were accepted proceed: no caller's rate applies.
      advance: async (input) => {
        const reply = await advance(run, input);
        witness.remember(input.settlements);
        return reply;
      },
      readPurge: (id) => readPurge(limited, id),
      readBatch: (id) => readBatch(limited, id),
      listPurges: (query) => listPurges(limited, query),
      readBudget: () => readBudget(limited),
      readMonth: () => readMonth(limited),
      cancel: (id, by) => operateOn(limited, "cancel", { id, ...by, operation: makeId() }),
      resend: (id, actor) => operateOn(limited, "resend", { id, actor, operation: makeId() }),
      close: (id, actor) => operateOn(limited, "close", { id, actor, operation: makeId() }),
      correct: (correction) => correct(limited, { ...correction, operation: makeId() }),
      tryNow: () => tryNow(limited, makeId()),
      health: async () => {
        const seen = await health(limited);
        return { ...seen, eviction: await readEviction(run) };
      },
      readSweepState: async () => {
        const { rests, heartbeat, wake } = keys;
        const asked = [rests.send, rests.poll, rests.check, heartbeat, wake] as const;
        const [send, poll, check, sweptAt, wakeAt] = await command((redis) =>
          redis.mget<(string | null)[]>(...asked),
        );
        const now = nowMs();
        return {
          now,
          sweptAt: sweptAt ? Number(sweptAt) : undefined,
          sends: Number(send) <= now || (wakeAt !== null && Number(wakeAt) <= now),
          polls: Number(poll) <= now,
          checks: Number(check) <= now,
        };
      },
      probe: async () => {
        await command((redis) => redis.set(keys.probe, "1", { px: 60_000 }));
      },
      recordHeartbeat: async () => {
        await command((redis) => redis.set(keys.heartbeat, String(nowMs())));
      },
      audit: async () => {
        await run("audit", {});
      },
      repair: () => repair(run, command, keys),
      onBehalfOf,
    };
  };
  return onBehalfOf({});
}
