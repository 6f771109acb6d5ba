import { advance } from "./advance.ts";
import { type ConnectionOptions, connect } from "./connection.ts";
import type { Ledger } from "./contract.ts";
import { correct } from "./correct.ts";
import { health } from "./health.ts";
import { ledgerKeys } from "./keys.ts";
import { listPurges } from "./list-purges.ts";
import { cancelScript, closeScript, operateOn, resendScript } from "./operate.ts";
import { plan } from "./plan.ts";
import { readBatch, readBudget } from "./read-batch.ts";
import { parsePurge } from "./replies.ts";
import { reserve } from "./reserve.ts";

export type LedgerOptions = Omit<ConnectionOptions, "keys"> & {
  /** PURGE_LEDGER: the account's name, with which every key begins. */
  readonly name: string;
  /** A fresh id for each operation, so that a call sent again is known. */
  readonly makeId: () => string;
};

/** The ledger of one ImageKit account. */
export function createLedger({ name, makeId, ...options }: LedgerOptions): Ledger {
  const keys = ledgerKeys(name);
  const { run, command } = connect({ ...options, keys });
  return {
    plan: (targets) => plan(run, targets),
    reserve: (reservation) => reserve(run, reservation),
    advance: (input) => advance(run, input),
    readPurge: async (id) => {
      const record = await command((redis) => redis.get<string>(keys.families.purge + id));
      return record === null ? undefined : parsePurge(record);
    },
    readBatch: (id) => readBatch(run, id),
    listPurges: (query) => listPurges(run, query),
    readBudget: () => readBudget(run),
    cancel: (id, by) => operateOn(run, cancelScript, { id, ...by, operation: makeId() }),
    resend: (id, actor) => operateOn(run, resendScript, { id, actor, operation: makeId() }),
    close: (id, actor) => operateOn(run, closeScript, { id, actor, operation: makeId() }),
    correct: (correction) => correct(run, { ...correction, operation: makeId() }),
    health: () => health(run),
    isIdle: async () => (await command((redis) => redis.exists(...keys.work))) === 0,
    recordHeartbeat: async () => {
      await command((redis) => redis.set(keys.heartbeat, String(options.now?.() ?? options.clock.now())));
    },
  };
}
