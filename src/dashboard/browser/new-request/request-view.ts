import { maximumLines } from "../../../rules/limits.ts";
import type { PlannedLine } from "../../shared/describe-line.ts";
import { summarizeLines } from "../../shared/describe-line.ts";
import { pluralize } from "../../shared/words.ts";
import type { Confirmation } from "./confirm-plan.ts";
import { debounce } from "./debounce.ts";
import type { RequestElements } from "./request-elements.ts";
import { unitsOf } from "./why-blocked.ts";

const announceAfterMs = 900;

type View = {
  readonly lines: readonly PlannedLine[];
  readonly available: number;
  readonly confirmation: Confirmation | undefined;
  readonly blocked: string | undefined;
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

  function show({ lines, available, confirmation, blocked, isSubmitting }: View): void {
    const units = unitsOf(lines);
    const isEmpty = lines.length === 0;
    const isMany = lines.length > maximumLines;
    const purged = lines.filter(({ verdict }) => verdict === "accepted" || verdict === "joined").length;
    const batches = Math.ceil(purged / maximumLines);
    const reason = isSubmitting ? "Submitting." : blocked;
    submit.disabled = reason !== undefined;
    submit.value = isMany ? "split" : "submit";
    const isSeveral = batches > 1;
    const what = isSeveral
      ? `${pluralize(batches, "batch")} for ${pluralize(units, "unit")} together`
      : `for ${pluralize(units, "unit")}`;
    submit.textContent = isEmpty ? "Submit" : `Submit ${what}`;
    why.textContent =
      reason ??
      (isSeveral ? `A batch can have at most ${maximumLines} lines, so these are submitted as several.` : "");

    const after = available - units;
    tally.root.hidden = isEmpty;
    tally.root.classList.toggle("short", after < 0);
    tally.lines.textContent = `${lines.length.toLocaleString("en")}${isMany ? "" : ` of ${maximumLines}`}`;
    tally.price.textContent = pluralize(units, "unit");
    tally.after.textContent = after < 0 ? `${-after} short` : `${after.toLocaleString("en")} left`;

    confirmed.hidden = purged === 0;
    confirmed.textContent = confirmationWords(confirmation);
    verdicts.hidden = isEmpty;
    guide.hidden = !isEmpty;
    if (isEmpty) return;
    const unsure = confirmation?.kind === "not-answered" ? `. ${confirmationWords(confirmation)}` : "";
    announce(summarizeLines(lines) + unsure + (reason === undefined ? "" : `. ${reason}`));
  }
  return { show, announce };
}

function confirmationWords(confirmation: Confirmation | undefined): string {
  if (confirmation === undefined) return "Asking the server for the budget and for purges in flight.";
  if (confirmation.kind === "confirmed")
    return "Confirmed by the server. Nothing is charged until you submit.";
  if (confirmation.kind === "several")
    return "Lines already in flight are found when you submit, and are free.";
  return `Not confirmed: ${confirmation.why} The budget and the purges in flight may differ.`;
}
