import type { Batch } from "../../../domain/batch.ts";
import { isTerminal } from "../../../domain/purge.ts";
import { cancellable, mayCancelBatch } from "../../../use-cases/cancel-batch.ts";
import { pluralize } from "../../shared/words.ts";
import { isCancelledHere, purgeIdsOf } from "../../ui/batch-lines.ts";
import { Callout } from "../../ui/callout.tsx";
import { linkTo } from "../../ui/context.ts";
import type { Viewer } from "../../ui/purge-status/viewer.ts";

/** Cancels whatever of the batch has not been sent, after a question. Renders nothing where there is nothing to cancel. */
export function CancelBatch({ batch, viewer }: { readonly batch: Batch; readonly viewer: Viewer }) {
  const open = cancellable(batch);
  // One purge has its own action, beside it.
  if (open.length < 2 || !mayCancelBatch(viewer.caller, batch)) return null;
  const shared = open.filter(({ batches }) => batches.length > 1).length;
  const others = shared === 1 ? "1 of them goes on for another batch" : `${shared} of them go on for others`;
  return (
    <div class="acts">
      <details class="confirm" id="cancel-all">
        <summary class="button">Cancel {pluralize(open.length, "purge")} not sent yet</summary>
        <form method="post" action={linkTo(viewer, `/batches/${batch.id}/cancel`)}>
          <p>
            They are queued or held. This batch stops waiting for them, and they will not be sent
            {shared === 0 ? "" : `; ${others}`}. Their units are free again. What has been sent already goes
            on.
          </p>
          <button type="submit" class="danger">
            Yes, cancel {pluralize(open.length, "purge")}
          </button>
        </form>
      </details>
    </div>
  );
}

/** What a cancel has come to, as the batch itself shows it: an address alone proves nothing. */
export function Cancelled({ batch }: { readonly batch: Batch }) {
  const cancelledIds = new Set(
    batch.lines.flatMap((line) => {
      if (line.verdict === "rejected") return [];
      return purgeIdsOf(line).filter((id) => isCancelledHere(line, id));
    }),
  );
  const left = cancellable(batch).length;
  const sent = batch.purges.filter(
    ({ id, state }) => !cancelledIds.has(id) && state !== "queued" && state !== "held",
  );
  const open = sent.filter(({ state }) => !isTerminal(state)).length;
  const words = [
    cancelledIds.size === 0
      ? "Nothing was cancelled."
      : `Cancelled: ${pluralize(cancelledIds.size, "purge")}.`,
    sent.length === 0
      ? ""
      : `${pluralize(sent.length, "purge")} had been sent before${open === 0 ? "" : `, and ${open} ${open === 1 ? "goes" : "go"} on`}.`,
    left === 0 ? "" : `${pluralize(left, "purge")} could not be cancelled in time: try again.`,
  ];
  return (
    <Callout kind={left === 0 ? "ok" : "warning"} id="cancelled">
      <p>{words.filter((sentence) => sentence !== "").join(" ")}</p>
    </Callout>
  );
}
