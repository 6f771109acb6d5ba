import type { Batch } from "../domain/batch.ts";
import type { PollOutcome, SendOutcome } from "../imagekit/outcome.ts";

/** The right to act on one purge until `leaseMs` after the call that gave it was begun. */
export type SendLease = {
  readonly endpoint: "send";
  readonly purgeId: string;
  readonly url: string;
  readonly token: string;
};
export type PollLease = {
  readonly endpoint: "poll";
  readonly purgeId: string;
  readonly imagekitRequestId: string;
  readonly token: string;
};
export type Lease = SendLease | PollLease;

/** What a lease led to. `unsent`: leased, but no byte left (no time was left for it); handed back. */
export type Settlement =
  | {
      readonly endpoint: "send";
      readonly purgeId: string;
      readonly token: string;
      readonly result: SendOutcome | { readonly outcome: "unsent" };
    }
  | {
      readonly endpoint: "poll";
      readonly purgeId: string;
      readonly imagekitRequestId: string;
      readonly token: string;
      readonly result: PollOutcome | { readonly outcome: "unsent" };
    };

export type LeaseRequest = {
  /** Made by the caller, fresh for every wave, the same when a call is sent again. */
  readonly token: string;
  readonly limit: number;
};

/** Leases, and what to expect when fewer came than were asked for. */
export type LeaseReply = {
  readonly leases: readonly Lease[];
  /** Milliseconds until asking again can give something; absent: nothing asked for is left to lease. */
  readonly retryInMs?: number | undefined;
};

/** Settles what is back and leases more, in one script. */
export type Advance = {
  readonly settlements: readonly Settlement[];
  readonly lease?:
    | (LeaseRequest & {
        readonly endpoint: "send" | "poll";
        /** Only these, in this order; absent: whatever is due, longest due first. */
        readonly purgeIds?: readonly string[] | undefined;
      })
    | undefined;
  /** Answer with this batch as it is afterwards, in the same round trip. */
  readonly batchId?: string | undefined;
};

export type AdvanceReply = LeaseReply & { readonly batch?: Batch | undefined };
