import { type Pipeline, pipelineTo } from "../redis-pipeline.ts";

/** Commands that change nothing; no other can be sent from here. */
type ReadCommand = readonly [
  (
    | "GET"
    | "HGETALL"
    | "LRANGE"
    | "PTTL"
    | "SCAN"
    | "SISMEMBER"
    | "SMEMBERS"
    | "TIME"
    | "TYPE"
    | "ZRANGE"
    | "ZSCORE"
  ),
  ...string[],
];

/** Runs them in one round trip and gives each one's reply. Throws CannotStart when the ledger cannot be read. */
export type ReadOnly = Pipeline<ReadCommand>;

export function readOnly(redis: { readonly url: string; readonly token: string }): ReadOnly {
  return pipelineTo(redis);
}
