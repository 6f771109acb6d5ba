import type { Child } from "hono/jsx";
import type { Month } from "../../../ledger/contract.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { Time } from "../../ui/time.tsx";
import { count } from "./amount.ts";

/** What was typed into the form, and the error of each field. */
export type Entry = {
  readonly external: string;
  readonly reason: string;
  /** What the form asks before it accepts this number. */
  readonly question?: { readonly external: number; readonly content: Child } | undefined;
  readonly problems: { readonly external?: string | undefined; readonly reason?: string | undefined };
};

/** Sets the number of units spent elsewhere. It replaces the number, so submitting twice is harmless. */
export function CorrectionForm({ action, entry }: { readonly action: string; readonly entry: Entry }) {
  const { problems, question } = entry;
  return (
    <form method="post" action={action} class="card stack correction" id="correction">
      <h2>Enter a correction</h2>
      <p class="quiet" id="external-words">
        All units spent outside Purge Desk in this period, in ImageKit's dashboard or by renames with
        purgeCache. The number replaces the previous one; it is not added to it.
      </p>
      <label for="external">Units spent elsewhere in this period</label>
      <input
        id="external"
        name="external"
        inputmode="numeric"
        autocomplete="off"
        required
        maxlength={20}
        value={entry.external}
        aria-describedby={
          problems.external === undefined ? "external-words" : "external-problem external-words"
        }
        aria-invalid={problems.external === undefined ? undefined : "true"}
        autofocus={problems.external !== undefined}
      />
      <Problem id="external-problem" text={problems.external} />
      <label for="reason">Reason</label>
      <input
        id="reason"
        name="reason"
        dir="auto"
        autocomplete="off"
        value={entry.reason}
        aria-describedby={problems.reason === undefined ? "reason-words" : "reason-problem reason-words"}
        aria-invalid={problems.reason === undefined ? undefined : "true"}
        autofocus={problems.external === undefined && problems.reason !== undefined}
      />
      <Problem id="reason-problem" text={problems.reason} />
      <p class="quiet small" id="reason-words">
        Where the number comes from, such as “dashboard, 3 November”.
      </p>
      {question === undefined ? null : (
        <>
          {question.content}
          <input type="hidden" name="confirmed" value={question.external} />
        </>
      )}
      <button type="submit" class="primary" autofocus={question !== undefined}>
        {question === undefined ? "Enter the correction" : `Yes, enter ${count(question.external)}`}
      </button>
    </form>
  );
}

function Problem({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="field-problem" id={id}>
      {text}
    </p>
  );
}

/** The corrections of this period, newest first. */
export function Corrections({ corrections }: Pick<Month, "corrections">) {
  if (corrections.length === 0) return null;
  return (
    <table class="corrections">
      <caption>Newest first. The first one counts</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col" class="number">
            Units
          </th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {corrections.map(({ at, actor, external, reason }) => (
          <tr>
            <td class="when">
              <Time at={at} />
            </td>
            <td>{actor}</td>
            <td class="number">{count(external)}</td>
            <td class="reason">
              {reason === undefined ? <span class="quiet">none given</span> : <QuotedText text={reason} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
