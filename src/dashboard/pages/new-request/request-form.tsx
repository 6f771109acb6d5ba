import type { Child } from "hono/jsx";
import { maximumLines } from "../../../rules/limits.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import {
  type BudgetNow,
  budgetAfter,
  holdWords,
  type LineCounts,
  priceWords,
} from "../../shared/count-lines.ts";
import { formPath, type RequestDraft } from "../../shared/request-draft.ts";
import { anywayField } from "../../shared/send-anyway.ts";
import { pluralize } from "../../shared/words.ts";
import { RequestGuide } from "./request-guide.tsx";

/** The form's figures; absent until the lines are planned. */
export type Tally = { readonly lines: number; readonly counts: LineCounts };

type RequestFormAbout = {
  readonly basePath: string;
  readonly draft: RequestDraft;
  /** Whether the draft came with a request that was not accepted, so that the script keeps it. */
  readonly isUnsent: boolean;
  /** For the script, which applies the same rules. */
  readonly endpoints: readonly UrlEndpoint[];
  /** Undefined while the ledger does not answer. */
  readonly budget: BudgetNow | undefined;
  /** The quota's time zone, for the day on which the budget is renewed. */
  readonly timeZone: string;
  readonly mayUseWildcards: boolean;
  /** Whether to ask when the image changed. */
  readonly isShareable: boolean;
  readonly tally?: Tally | undefined;
  /** The verdicts of a plan. */
  readonly verdicts?: Child;
};

/**
 * The form of a new request, on its page and in the dialog. The script shows the elements that are `hidden` here.
 */
export function RequestForm(about: RequestFormAbout) {
  const { basePath, draft, tally } = about;
  const isMany = (tally?.lines ?? 0) > maximumLines;
  return (
    <div class="request" data-request>
      <form
        method="post"
        action={formPath(basePath, draft.key)}
        class="request-form"
        id="request-form"
        data-endpoints={JSON.stringify(about.endpoints)}
        data-budget={about.budget && JSON.stringify(about.budget)}
        data-time-zone={about.timeZone}
        data-unsent={about.isUnsent ? "" : undefined}
        data-wildcards={about.mayUseWildcards ? "yes" : "no"}
      >
        <input type="hidden" name="key" value={draft.key} />
        {about.verdicts === undefined
          ? draft.anyway.map((name, index) => (
              <input type="hidden" name={`${anywayField}${index}`} value={name} />
            ))
          : null}
        <div class="stack">
          <label for="request-urls">URLs, one per line</label>
          <p class="hint" id="request-urls-hint">
            At most {maximumLines} per batch; more are submitted as several batches.
            {about.mayUseWildcards
              ? " A line that ends with * clears everything that begins with it."
              : " Each line clears exactly that URL."}
          </p>
          <textarea
            id="request-urls"
            name="urls"
            dir="ltr"
            rows={8}
            wrap="off"
            spellcheck={false}
            autocapitalize="off"
            autocomplete="off"
            autofocus
            aria-describedby="request-urls-hint"
          >
            {draft.urls === "" ? "" : `\n${draft.urls}`}
          </textarea>
          <div class="from-file" data-from-file hidden>
            <button type="button">Add from a file</button>
            <input
              type="file"
              accept=".csv,.tsv,.txt,.json,.xml,.html,.md,text/*"
              multiple
              hidden
              aria-label="Text files"
            />
            <span class="hint">or paste or drop any text or file: its URLs are found</span>
          </div>
          <p class="hint" data-taken hidden></p>
        </div>
        <ChangedAt draft={draft} isAsked={about.isShareable || draft.isChangedBefore} />
        <div class="stack">
          <label for="request-reason">
            Reason <span class="quiet">(optional)</span>
          </label>
          <input
            id="request-reason"
            name="reason"
            dir="auto"
            maxlength={500}
            value={draft.reason}
            autocomplete="off"
          />
        </div>
        <div class="choices">
          <label>
            <input type="checkbox" name="onInvalid" value="skip" checked={draft.isSkipping} />
            Skip lines that cannot be purged
          </label>
          <label>
            <input type="checkbox" name="onExhausted" value="hold" checked={draft.isHolding} />
            Hold what the budget does not cover until there is budget
          </label>
        </div>
        <TallyList tally={tally} budget={about.budget} />
        <p class="hint" data-confirmed hidden></p>
        <div class="request-actions">
          <button type="submit" name="intent" value="check" data-check>
            Check
          </button>
          <button
            type="submit"
            name="intent"
            value={isMany ? "split" : "submit"}
            class="primary"
            aria-describedby="request-why"
            data-submit
          >
            {isMany ? "Submit as several batches" : "Submit"}
            {tally === undefined || tally.counts.units === 0 ? "" : ` ${priceWords(tally.counts)}`}
          </button>
          <p class="hint" id="request-why" data-why>
            {tally !== undefined && tally.counts.later > 0 ? holdWords(tally.counts) : "Checking is free."}
          </p>
        </div>
        <p class="visually-hidden" role="status" data-status></p>
      </form>
      <RequestGuide
        endpoints={about.endpoints}
        mayUseWildcards={about.mayUseWildcards}
        isHidden={about.verdicts !== undefined}
      />
      <section class="what-happens" aria-labelledby="request-verdicts" data-verdicts hidden={!about.verdicts}>
        <h2 id="request-verdicts">Line by line</h2>
        <div>{about.verdicts}</div>
      </section>
    </div>
  );
}

/** "130 of 100" would make no sense: what exceeds one batch becomes several. */
function linesOf(lines: number): string {
  return lines > maximumLines ? lines.toLocaleString("en") : `${lines} of ${maximumLines}`;
}

function TallyList({
  tally,
  budget,
}: {
  readonly tally: Tally | undefined;
  readonly budget: BudgetNow | undefined;
}) {
  const lines = tally?.lines ?? 0;
  const after = tally === undefined || budget === undefined ? undefined : budgetAfter(tally.counts, budget);
  return (
    <dl class={`request-tally${after?.isShort ? " short" : ""}`} hidden={tally === undefined} data-tally>
      <div>
        <dt>Lines</dt>
        <dd>{linesOf(lines)}</dd>
      </div>
      <div>
        <dt>Price</dt>
        <dd>{pluralize(tally?.counts.units ?? 0, "unit")}</dd>
      </div>
      <div>
        <dt>Budget after</dt>
        <dd>{after?.words ?? "Not known"}</dd>
      </div>
    </dl>
  );
}

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

/** The script sends the time with its zone, which the field does not accept. */
function timeTyped(time: string): string {
  const at = /Z$/.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 16);
}
