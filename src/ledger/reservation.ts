import type { Batch, BatchLine, Budget } from "../domain/batch.ts";
import type { NewPurge } from "../domain/purge.ts";
import type { EpochMs } from "../domain/time.ts";
import type { LeaseReply, LeaseRequest } from "./leases.ts";

export type Reservation = {
  readonly batchId: string;
  readonly actor: string;
  readonly reason?: string | undefined;
  /** When the content changed; absent: now, by Redis' clock. */
  readonly changedAt?: EpochMs | undefined;
  readonly onExhausted: "reject" | "hold";
  /** The earliest send of a scheduled batch. Its purges are joined only by requests for the same instant. */
  readonly sendAfter?: EpochMs | undefined;
  /** How long its purges wait for later requests to share them. Absent if there is a `sendAfter`. */
  readonly settleMs?: number | undefined;
  /** SHA-256 (hex) of actor + key, and of the body as sent. */
  readonly idempotency?: { readonly keyHash: string; readonly bodyHash: string } | undefined;
  /**
   * Asks for the one purge as the drop-in endpoint does. `id` names it, unless it has such an id already. A resend gets the
   * purge that its actor was last given for the target by such a request, whatever became of it.
   */
  readonly dropIn?: { readonly id: string; readonly isResend: boolean } | undefined;
  /** All lines; `purgeId` of an accepted, duplicate or covered line is that of its target in `purges`. */
  readonly lines: readonly BatchLine[];
  readonly purges: readonly NewPurge[];
  /** The lease of the first wave: at most `limit` of the new purges. */
  readonly lease: LeaseRequest;
};

export type ReserveReply =
  | ({ readonly outcome: "reserved"; readonly batch: Batch } & LeaseReply)
  /** A batch with the same key and body exists; this is how it is now. */
  | { readonly outcome: "replayed"; readonly batch: Batch }
  | { readonly outcome: "key-reused" }
  /** Nothing was written. `units` is what the batch would have cost. */
  | { readonly outcome: "exhausted"; readonly units: number; readonly budget: Budget }
  /**
   * Nothing was written: the actor has made purges of these URLs too often within the hour (PURGE_REPEAT_LIMIT).
   * `since`: the first of them.
   */
  | {
      readonly outcome: "repeating";
      readonly purges: readonly { readonly id: string; readonly since: EpochMs }[];
    };
