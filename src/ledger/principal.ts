import type { PurgeState } from "../domain/purge.ts";

/** For whom a ledger works: one request or one sweep. */
export type Principal = {
  /** Against whose rate (PURGE_CALLER_RATE) the first call counts; absent: nobody's. */
  readonly caller?: string | undefined;
  /** Receives every step right after the call that made it. If the reply is lost, only the timeline has its steps. */
  readonly onStep?: ((step: Step) => void) | undefined;
};

/** One entry that a call wrote into a purge's timeline. `actor`: who requested the purge. */
export type Step = {
  readonly purgeId: string;
  readonly actor: string;
  readonly state: PurgeState;
  readonly by: string;
  readonly note: string;
};

/**
 * Which limit was exceeded. `calls`: the requests of a caller, or of this process. `storage`: the bytes that the ledger
 * keeps for a caller's batches.
 */
export type RateLimit = "calls" | "storage";

/** The caller has exceeded a limit. Nothing was done. */
export class TooManyRequests extends Error {
  override readonly name = "TooManyRequests";
  readonly retryInMs: number;
  readonly limit: RateLimit;

  constructor(retryInMs: number, limit: RateLimit = "calls") {
    super(limit === "calls" ? "too many calls" : "too much to keep");
    this.retryInMs = retryInMs;
    this.limit = limit;
  }
}
