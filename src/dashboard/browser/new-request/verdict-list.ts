import { type LineCounts, summarizeLines } from "../../shared/count-lines.ts";
import type { CoverWords } from "../../shared/cover-words.ts";
import { describeLine } from "../../shared/describe-line.ts";
import { type FoldedWarning, foldWarnings } from "../../shared/fold-warnings.ts";
import type { LineDescription, OtherPurge } from "../../shared/line-description.ts";
import type { PlannedLine } from "../../shared/planned-line.ts";
import type { WholeImages } from "../../shared/whole-images.ts";
import { capitalize } from "../../shared/words.ts";
import { element } from "../element.ts";
import { offerList } from "./offer-list.ts";
import { changeButton, verdictRow } from "./verdict-row.ts";

type VerdictListOptions = {
  readonly basePath: string;
  readonly mayUseWildcards: boolean;
  /** Called when a button is pressed that changes these lines. */
  readonly onReplace: (replacements: ReadonlyMap<number, string>) => void;
  /** Called when a line that is probably a mistake is to be sent anyway, or not any more. */
  readonly onAnyway: (name: string, isSent: boolean) => void;
  /** Called when a folder is to be cleared whole, or not any more. */
  readonly onCover: (prefix: string, isAccepted: boolean) => void;
  /** Called when the lines are to be taken for images. */
  readonly onWholeImages: () => void;
};

type Judged = {
  readonly others: ReadonlyMap<number, OtherPurge>;
  readonly counts: LineCounts;
  readonly covers: readonly CoverWords[];
  readonly wholeImages: WholeImages | undefined;
};

/** More rows than anyone reads. Of more lines, only those that need attention are shown. */
const rowsAtMost = 200;

/** Shows in `place` what would happen to each line. Replaces only the rows whose words have changed. */
export function verdictList(place: Element, options: VerdictListOptions) {
  const { basePath, mayUseWildcards, onReplace, onAnyway } = options;
  const offers = offerList(options);
  const summary = element("p");
  const folded = element("ul", { class: "folded" });
  const list = element("ol", { class: "line-verdicts" });
  const rest = element("p", { class: "hint" });
  place.replaceChildren(summary, offers.place, folded, list, rest);
  const shown: { readonly key: string; readonly row: HTMLElement }[] = [];
  let foldedKey = "";
  let lines: readonly PlannedLine[] = [];
  let suggestions: ReadonlyMap<number, string> = new Map();

  place.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button === null || offers.place.contains(button)) return;
    if (button.dataset["all"] !== undefined) return onReplace(suggestions);
    const numbers = (button.dataset["lines"] ?? "").split(" ").map(Number);
    const use = button.dataset["use"];
    onReplace(new Map(numbers.map((number) => [number, use ?? starred(number)])));
  });
  place.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) onAnyway(target.value, target.checked);
  });
  // A * after a # would be dropped with the fragment.
  const starred = (number: number) => `${lines[number - 1]?.input.trim().replace(/#.*/, "") ?? ""}*`;

  return function show(
    planned: readonly PlannedLine[],
    { others, counts, covers, wholeImages }: Judged,
    extent: "all" | "notable",
  ): void {
    lines = planned;
    summary.textContent = `${capitalize(summarizeLines(counts))}.`;
    offers.show(covers, wholeImages);
    const warnings = foldWarnings(planned, { mayUseWildcards });
    const exact = new Set(warnings.find(({ code }) => code === "exact-only")?.lines);
    const context = { mayUseWildcards, others, counts, folded: new Set(warnings.map(({ code }) => code)) };
    const all = planned.map((line) => describeLine(line, context));
    suggestions = suggestionsOf(all);
    showFolded(warnings);
    const chosen = extent === "all" ? all : all.filter(({ notes }) => notes.length > 0);
    chosen.slice(0, rowsAtMost).forEach((words, index) => {
      const star = mayUseWildcards && exact.has(words.line) && extent === "all";
      const key = JSON.stringify([words, star]);
      const before = shown[index];
      if (before?.key === key) return;
      const row = verdictRow(words, { basePath, star });
      if (before === undefined) list.append(row);
      else before.row.replaceWith(row);
      shown[index] = { key, row };
    });
    for (const { row } of shown.splice(Math.min(chosen.length, rowsAtMost))) row.remove();
    const left = chosen.length - rowsAtMost;
    rest.textContent =
      left > 0 ? `And ${left} more.` : extent === "all" ? "" : "Only lines with notes are listed.";
  };

  function showFolded(warnings: readonly FoldedWarning[]): void {
    const count = suggestions.size;
    const key = JSON.stringify([warnings, count]);
    if (key === foldedKey) return;
    foldedKey = key;
    const useAll = element(
      "button",
      { type: "button", class: "small", "data-all": "" },
      "Use all suggestions",
    );
    folded.replaceChildren(
      ...(count > 1 ? [element("li", {}, `${count} lines have a suggestion. `, useAll)] : []),
      ...warnings.map(({ code, severity, text, lines }) => {
        const isOffered = code === "exact-only" && mayUseWildcards && lines.length > 1;
        const label = `Add * to all ${lines.length}`;
        return element(
          "li",
          { class: severity },
          `${text} `,
          isOffered ? changeButton(label, lines) : undefined,
        );
      }),
    );
    folded.hidden = folded.childElementCount === 0;
  }
}

/** The first suggestion of each line that has one. */
function suggestionsOf(all: readonly LineDescription[]): ReadonlyMap<number, string> {
  return new Map(
    all.flatMap(({ line, notes }) => {
      const suggestion = notes.find((note) => note.suggestion !== undefined)?.suggestion;
      return suggestion === undefined ? [] : [[line, suggestion] as const];
    }),
  );
}
