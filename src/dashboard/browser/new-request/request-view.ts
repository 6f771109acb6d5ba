import { maximumLines, maximumPurges } from "../../../rules/limits.ts";
import {
  type BudgetNow,
  budgetAfter,
  holdWords,
  type LineCounts,
  priceWords,
  summarizeLines,
} from "../../shared/count-lines.ts";
import type { PlannedLine } from "../../shared/planned-line.ts";
import { pluralize } from "../../shared/words.ts";
import { debounce } from "../debounce.ts";
import { element } from "../element.ts";
import type { Confirmation } from "./confirm-plan.ts";
import type { RequestElements } from "./request-elements.ts";

const announceAfterMs = 900;

type View = {
  readonly lines: readonly PlannedLine[];
  readonly counts: LineCounts;
  /** Whether they are more than one batch can have, and how many batches they become. */
  readonly isMany: boolean;
  readonly batches: number;
  /** Undefined if not known. */
  readonly budget: BudgetNow | undefined;
  readonly confirmation: Confirmation | undefined;
  readonly blocked: string | undefined;
  /** Where to sign in again; undefined while the session lasts. */
  readonly signInAt: string | undefined;
  readonly isSubmitting: boolean;
};

/**
 * Shows the number of lines, the price, the budget afterwards, and whether and why not the form can be submitted.
 * Announces it once the reader stops typing.
 */
export function requestView(parts: RequestElements) {
  const { submit, why, tally, confirmed, guide, verdicts, status } = parts;
  const announce = debounce(announceAfterMs, (sentence: string) => {
    if (status.textContent !== sentence) status.textContent = sentence;
  });

  function show(view: View): void {
    const { lines, counts, batches, isMany, budget, confirmation, blocked, signInAt, isSubmitting } = view;
    const { units, later } = counts;
    const isEmpty = lines.length === 0;
    const reason = isSubmitting ? "Submitting." : blocked;
    submit.disabled = reason !== undefined;
    submit.value = isMany ? "split" : "submit";
    const isSeveral = batches > 1;
    const what = isSeveral
      ? `${pluralize(batches, "batch")} for ${pluralize(units, "unit")} together${later > 0 ? `: ${priceWords(counts)}` : ""}`
      : priceWords(counts);
    submit.textContent = isEmpty ? "Submit" : `Submit ${what}`;
    const several = `A batch can have at most ${maximumLines} lines and ${maximumPurges} purges, so these are submitted as several.`;
    const notes = [...(later > 0 ? [holdWords(counts)] : []), ...(isSeveral ? [several] : [])];
    showWhy(reason ?? notes.join(" "), signInAt);

    const after = budget === undefined ? undefined : budgetAfter(counts, budget);
    tally.root.hidden = isEmpty;
    tally.root.classList.toggle("short", after?.isShort === true);
    tally.lines.textContent = `${lines.length.toLocaleString("en")}${lines.length > maximumLines ? "" : ` of ${maximumLines}`}`;
    tally.price.textContent = pluralize(units, "unit");
    tally.after.textContent = after?.words ?? "Not known";

    confirmed.hidden = lines.every(({ verdict }) => verdict === "rejected");
    confirmed.textContent = confirmationWords(confirmation);
    verdicts.hidden = isEmpty;
    guide.hidden = !isEmpty;
    if (isEmpty) return;
    const unsure = confirmation?.kind === "not-answered" ? `. ${confirmationWords(confirmation)}` : "";
    announce(summarizeLines(counts) + unsure + (reason === undefined ? "" : `. ${reason}`));
  }

  /** Leaves the link alone while it stays the same: replaced under the pointer it would not be clicked. */
  function showWhy(text: string, signInAt: string | undefined): void {
    const words = signInAt === undefined ? text : `${text} Sign in`;
    if (why.textContent === words) return;
    const link = signInAt === undefined ? [] : [" ", element("a", { href: signInAt }, "Sign in")];
    why.replaceChildren(text, ...link);
  }
  return { show, announce };
}

function confirmationWords(confirmation: Confirmation | undefined): string {
  if (confirmation === undefined) return "Asking the server for the budget and for purges in flight.";
  if (confirmation.kind === "confirmed")
    return "Confirmed by the server. Nothing is charged until you submit.";
  return `Not confirmed: ${confirmation.why} The budget and the purges in flight may differ.`;
}
