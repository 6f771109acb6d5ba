import type { RequestDraft } from "./draft.ts";

/** The question when the image changed; without the script its time is in UTC. */
export function ChangedAt({ draft, isAsked }: { readonly draft: RequestDraft; readonly isAsked: boolean }) {
  return (
    <fieldset class="changed-at" hidden={!isAsked} disabled={!isAsked} data-changed-at>
      <legend>When did the image change?</legend>
      <p class="hint" data-changed-why>
        A purge of one of these URLs was sent already. If the image changed after that, it is purged again for
        one unit; if before, you share that purge for free.
      </p>
      <label>
        <input type="radio" name="changed" value="now" checked={!draft.isChangedBefore} />
        Just now, or I am not sure: purge again
      </label>
      <label>
        <input type="radio" name="changed" value="before" checked={draft.isChangedBefore} />
        Earlier: share a purge that was sent since
      </label>
      <label class="when">
        <span data-zone>Time of the change (UTC)</span>
        <input type="datetime-local" name="changedAt" value={timeTyped(draft.changedAt)} />
      </label>
    </fieldset>
  );
}

/** The script sends the time with its zone; the field takes none. */
function timeTyped(time: string): string {
  const at = /Z$/.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 19);
}
