import type { Batch } from "../domain/batch.ts";
import type { PollOutcome, SendOutcome } from "../imagekit/outcome.ts";

/** The right to act on one purge for `sendLeaseMs` or `pollLeaseMs` (timings.ts) after the call that gave it began. */
export type SendLease = {
  readonly lane: "send";
  readonly purgeId: string;
  readonly url: string;
  readonly token: string;
};
export type PollLease = {
  readonly lane: "poll";
  readonly purgeId: string;
  readonly imagekitRequestId: string;
  readonly token: string;
};
export type Lease = SendLease | PollLease;

/** The outcome of a lease. `unsent`: the holder sent nothing, for lack of time, and hands the lease back. */
export type Settlement =
  | {
      readonly lane: "send";
      readonly purgeId: string;
      readonly token: string;
      readonly result: SendOutcome | { readonly outcome: "unsent" };
    }
  | {
      readonly lane: "poll";
      readonly purgeId: string;
      readonly imagekitRequestId: string;
      readonly token: string;
      readonly result: PollOutcome | { readonly outcome: "unsent" };
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
        readonly lane: "send" | "poll";
        /** Only these, in this order; absent: whatever is due, longest due first. */
        readonly purgeIds?: readonly string[] | undefined;
      })
    | undefined;
  /** Reply with this batch as it is afterwards, in the same round trip. */
  readonly batchId?: string | undefined;
};

export type AdvanceReply = LeaseReply & { readonly batch?: Batch | undefined };
