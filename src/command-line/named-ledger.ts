import { type Environment, readConfig } from "../config.ts";
import { type ReadOnly, readOnly } from "../local/inspect/read-only.ts";
import { type Pipeline, pipelineTo } from "../local/redis-pipeline.ts";
import { UsageError } from "./exit-codes.ts";

export type NamedLedger = {
  /** Its name, with which its keys begin. */
  readonly ledger: string;
  readonly read: ReadOnly;
  readonly write: Pipeline;
};

/** Settings that a ledger does not depend on, so moving one does not need them. */
const standIns: Environment = {
  IMAGEKIT_PRIVATE_KEY: "not-used",
  IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/not-used",
  PURGE_TOKENS: `not-used:read:${"0".repeat(64)}`,
};

/** Where the ledger is that the settings name, as a deployment with them would find it. Throws UsageError if they name none. */
export function namedLedger(env: Environment): NamedLedger {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== "");
  const reading = readConfig({ ...standIns, ...Object.fromEntries(given) });
  if ("problems" in reading) throw new UsageError(reading.problems.join("\n"));
  const { redis, ledgerName: ledger } = reading.config;
  return { ledger, read: readOnly(redis), write: pipelineTo(redis) };
}
