import type { Batch } from "../domain/batch.ts";
import type { EdgeCheck, EdgeOutcome, EdgeReading } from "../domain/edge-check.ts";
import type { EpochMs } from "../domain/time.ts";
import type { PollOutcome, SendOutcome } from "../imagekit/outcome.ts";
import type { Lane } from "./keys.ts";

/** The right to act on one purge for `sendLeaseMs`, `pollLeaseMs` or `checkLeaseMs` (timings.ts) after the call that gave it began. */
export type SendLease = {
  readonly lane: "send";
  readonly purgeId: string;
  readonly url: string;
  readonly token: string;
  /** When it was leased, by Redis' clock. */
  readonly leasedAt: EpochMs;
  /** Read this beside the send: it is the purge's first send, and its edge is to be checked. */
  readonly checkUrl?: string | undefined;
};
export type PollLease = {
  readonly lane: "poll";
  readonly purgeId: string;
  readonly imagekitRequestId: string;
  readonly token: string;
};
/** The right to read what the edge serves after a purge completed. */
export type CheckLease = {
  readonly lane: "check";
  readonly purgeId: string;
  readonly token: string;
  /** When it was leased, by Redis' clock. */
  readonly leasedAt: EpochMs;
  readonly sentAt: EpochMs;
  readonly completedAt: EpochMs;
  /** When a caller said that the content changed; absent if nobody said so. */
  readonly changedAt?: EpochMs | undefined;
  /** With the readings so far: `after` is the latest one. */
  readonly edge: EdgeCheck;
};
export type Lease = SendLease | PollLease | CheckLease;

/** What a reading after Completed showed. `undecided`: it is read again, unless it was the last try. */
export type CheckResult =
  | { readonly outcome: EdgeOutcome; readonly cause?: string | undefined; readonly after: EdgeReading }
  | { readonly outcome: "undecided"; readonly after: EdgeReading };

/** What the edge served beside a send that was settled before this was known. The settlement has the send's token. */
export type LateBefore = { readonly outcome: "before"; readonly before: EdgeReading };

/** The outcome of a lease. `unsent`: the holder sent nothing, for lack of time, and hands the lease back. */
export type Settlement =
  | {
      readonly lane: "send";
      readonly purgeId: string;
      readonly token: string;
      readonly result: SendOutcome | { readonly outcome: "unsent" };
      /** What the edge served beside the send, if that is known by now. */
      readonly before?: EdgeReading | undefined;
    }
  | {
      readonly lane: "poll";
      readonly purgeId: string;
      readonly imagekitRequestId: string;
      readonly token: string;
      readonly result: PollOutcome | { readonly outcome: "unsent" };
    }
  | {
      readonly lane: "check";
      readonly purgeId: string;
      readonly token: string;
      /** For a `CheckResult`: which try this was, 1 being the first. When a lease runs out, two holders may make the same one. */
      readonly try?: number | undefined;
      readonly result: CheckResult | LateBefore | { readonly outcome: "unsent" };
    };

export type LeaseRequest = {
  /** Made by the caller: new for every wave, the same when a call is rerun. */
  readonly token: string;
  readonly limit: number;
};

/** Leases, and when to ask again if there are fewer than requested. */
export type LeaseReply = {
  readonly leases: readonly Lease[];
  /** Milliseconds until another request can get leases; absent: nothing requested is left to lease. */
  readonly retryInMs?: number | undefined;
};

/** Settles answered leases and leases more, in one script. */
export type Advance = {
  readonly settlements: readonly Settlement[];
  readonly lease?:
    | (LeaseRequest & {
        readonly lane: Lane;
        /** Only these, in this order; absent: whatever is due, longest due first. */
        readonly purgeIds?: readonly string[] | undefined;
      })
    | undefined;
  /** Reply with this batch as it is afterwards, in the same round trip. */
  readonly batchId?: string | undefined;
};

export type AdvanceReply = LeaseReply & { readonly batch?: Batch | undefined };
