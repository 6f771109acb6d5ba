import type { Batch } from "../domain/batch.ts";
import type { Caller } from "../domain/caller.ts";
import type { Purge } from "../domain/purge.ts";
import type { Services } from "../services.ts";

export type CancelBatchReply =
  /** The batch as it is now. What had been sent already goes on, and shows its state. */
  | { readonly outcome: "done"; readonly batch: Batch }
  | { readonly outcome: "not-found" }
  /** Another actor's batch, and the caller is no admin. */
  | { readonly outcome: "not-yours"; readonly batch: Batch };

/** A batch has at most 100 purges; this many are cancelled at a time. */
const atOnce = 10;
/** A call of the ledger may take this long when Redis does not answer. */
const ledgerCallMs = 6_000;

/**
 * Cancels whatever of a batch has not been sent, for this batch only: a purge that other batches wait for too goes on for
 * them. Each purge is cancelled by a script of its own, so that stopping anywhere leaves nothing half done, and the same
 * call again finishes it.
 */
export async function cancelBatch(
  { ledger, clock }: Services,
  caller: Caller,
  id: string,
  { deadlineMs }: { readonly deadlineMs: number },
): Promise<CancelBatchReply> {
  const batch = await ledger.readBatch(id);
  if (batch === undefined) return { outcome: "not-found" };
  if (!mayCancelBatch(caller, batch)) return { outcome: "not-yours", batch };
  const waiting = cancellable(batch);
  if (waiting.length === 0) return { outcome: "done", batch };
  const by = {
    actor: caller.name,
    scope: caller.scopes.includes("admin") ? "every-batch" : "own-batches",
    batchId: id,
  } as const;
  for (let from = 0; from < waiting.length; from += atOnce) {
    if (clock.monotonicMs() + 2 * ledgerCallMs > deadlineMs) break;
    await Promise.all(waiting.slice(from, from + atOnce).map((purge) => ledger.cancel(purge.id, by)));
  }
  const now = await ledger.readBatch(id);
  return now === undefined ? { outcome: "not-found" } : { outcome: "done", batch: now };
}

export function mayCancelBatch(caller: Caller, batch: Pick<Batch, "actor">): boolean {
  if (!caller.scopes.includes("purge")) return false;
  return caller.scopes.includes("admin") || batch.actor === caller.name;
}

/** The purges that the batch still waits for and that have not been sent. */
export function cancellable({ id, purges }: Pick<Batch, "id" | "purges">): readonly Purge[] {
  return purges.filter(
    ({ state, batches }) =>
      (state === "queued" || state === "held") && batches.some((batch) => batch.id === id),
  );
}
