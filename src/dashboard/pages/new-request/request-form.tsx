import type { Child } from "hono/jsx";
import type { Profile } from "../../../domain/profile.ts";
import { maximumLines } from "../../../rules/limits.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { type BudgetNow, holdWords, priceWords } from "../../shared/count-lines.ts";
import { coverField, formPath, type RequestDraft } from "../../shared/request-draft.ts";
import { anywayField } from "../../shared/send-anyway.ts";
import { ChangedAt } from "./changed-at.tsx";
import { NamingChoice } from "./naming-choice.tsx";
import { RequestGuide } from "./request-guide.tsx";
import { SendingChoice } from "./sending-choice.tsx";
import { type Tally, TallyList } from "./tally-list.tsx";

type RequestFormAbout = {
  readonly basePath: string;
  readonly draft: RequestDraft;
  /** Whether the draft came with a request that was not accepted, so that the script keeps it. */
  readonly isUnsent: boolean;
  /** For the script, which applies the same rules. */
  readonly endpoints: readonly UrlEndpoint[];
  readonly profiles: readonly Profile[];
  /** Undefined while the ledger does not answer. */
  readonly budget: BudgetNow | undefined;
  /** The quota's time zone, for the day on which the budget is renewed. */
  readonly timeZone: string;
  readonly mayUseWildcards: boolean;
  /** What the lines were taken for; empty if the reader has chosen. */
  readonly guess: string;
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
  const isMany = tally?.isMany === true;
  return (
    <div class="request" data-request>
      <form
        method="post"
        action={formPath(basePath, draft.key)}
        class="request-form"
        id="request-form"
        data-endpoints={JSON.stringify(about.endpoints)}
        data-profiles={JSON.stringify(about.profiles)}
        data-budget={about.budget && JSON.stringify(about.budget)}
        data-time-zone={about.timeZone}
        data-unsent={about.isUnsent ? "" : undefined}
        data-wildcards={about.mayUseWildcards ? "yes" : "no"}
      >
        <input type="hidden" name="key" value={draft.key} />
        {draft.cover.map((prefix, index) => (
          <input type="hidden" name={`${coverField}${index}`} value={prefix} />
        ))}
        {about.verdicts === undefined
          ? draft.anyway.map((name, index) => (
              <input type="hidden" name={`${anywayField}${index}`} value={name} />
            ))
          : null}
        <div class="stack">
          <label for="request-urls">Images or URLs, one per line</label>
          <p class="hint" id="request-urls-hint">
            An image, such as /products/shoe.jpg, is cleared with all its URLs; a URL clears only itself
            {about.mayUseWildcards ? ", or what begins with it if it ends with *" : ""}. At most{" "}
            {maximumLines} lines per batch; more are submitted as several batches.
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
          <NamingChoice draft={draft} guess={about.guess} />
        </div>
        <ChangedAt
          draft={draft}
          isAsked={draft.sending !== "later" && (about.isShareable || draft.isChangedBefore)}
        />
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
        <SendingChoice draft={draft} />
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
        basePath={basePath}
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
