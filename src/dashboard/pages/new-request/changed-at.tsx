import type { RequestDraft } from "../../shared/request-draft.ts";
import { timeTyped } from "./time-typed.ts";

/** Asks when the image changed. Without the script the time is in UTC. */
export function ChangedAt({ draft, isAsked }: { readonly draft: RequestDraft; readonly isAsked: boolean }) {
  return (
    <fieldset class="changed-at" hidden={!isAsked} disabled={!isAsked} data-changed-at>
      <legend>When did the image change?</legend>
      <p class="hint" data-changed-why>
        One of these URLs was purged recently. If the image changed after that purge was sent, purging it
        again costs one unit. If it changed before, you share that purge for free.
      </p>
      <label>
        <input type="radio" name="changed" value="now" checked={!draft.isChangedBefore} />
        Just now, or I am not sure: purge again
      </label>
      <label>
        <input type="radio" name="changed" value="before" checked={draft.isChangedBefore} />
        Earlier: share a purge that was sent after the change
      </label>
      <label class="when">
        <span data-zone>Time of the change (UTC)</span>
        <input type="datetime-local" name="changedAt" value={timeTyped(draft.changedAt)} />
      </label>
    </fieldset>
  );
}
