import type { PurgeState } from "../domain/purge.ts";

/** One entry that a call wrote into a purge's timeline, and whose purge it is. */
export type Step = {
  readonly purgeId: string;
  readonly actor: string;
  readonly state: PurgeState;
  readonly by: string;
  readonly note: string;
};

/** For whom a ledger works: one request or one sweep. */
export type Principal = {
  /** Whose bucket (PURGE_CALLER_RATE) the first call draws on; absent: nobody's. */
  readonly caller?: string | undefined;
  /** Told of every step, right after the call that made it; of one whose reply was lost, the timeline alone knows. */
  readonly onStep?: ((step: Step) => void) | undefined;
};

/**
 * `calls`: more requests than a caller, or this process, may have. `storage`: what the caller's batches take to keep is
 * more than one caller may fill of the ledger.
 */
export type RateLimit = "calls" | "storage";

/** The caller asks for more than its rate allows. Nothing was done. */
export class CallerRateLimited extends Error {
  override readonly name = "CallerRateLimited";
  readonly retryInMs: number;
  readonly limit: RateLimit;

  constructor(retryInMs: number, limit: RateLimit = "calls") {
    super(limit === "calls" ? "too many calls" : "too much to keep");
    this.retryInMs = retryInMs;
    this.limit = limit;
  }
}
