import {
  describeLine,
  type LineDescription,
  type LineNote,
  type OtherPurge,
  type PlannedLine,
  summarizeLines,
} from "../../shared/describe-line.ts";
import { type FoldedWarning, foldWarnings } from "../../shared/fold-warnings.ts";
import { element, iconElement, targetElement } from "../element.ts";

type VerdictListOptions = {
  readonly basePath: string;
  readonly mayUseWildcards: boolean;
  /** Called when a button is pressed that changes these lines. */
  readonly onReplace: (replacements: ReadonlyMap<number, string>) => void;
};

/** More rows than anyone reads. Of more lines, only those that need attention are shown. */
const rowsAtMost = 200;
const icons = { accepted: "ok", rejected: "refused", free: "info", ask: "warning" } as const;

/** Shows in `place` what would happen to each line. Replaces only the rows whose words have changed. */
export function verdictList(place: Element, { basePath, mayUseWildcards, onReplace }: VerdictListOptions) {
  const summary = element("p");
  const folded = element("ul", { class: "folded" });
  const list = element("ol", { class: "line-verdicts" });
  const rest = element("p", { class: "hint" });
  place.replaceChildren(summary, folded, list, rest);
  const shown: { readonly key: string; readonly row: HTMLElement }[] = [];
  let foldedKey = "";
  let lines: readonly PlannedLine[] = [];

  place.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button === null) return;
    const numbers = (button.dataset["lines"] ?? "").split(" ").map(Number);
    const use = button.dataset["use"];
    onReplace(new Map(numbers.map((number) => [number, use ?? starred(number)])));
  });
  // A * after a # would be dropped with the fragment.
  const starred = (number: number) => `${lines[number - 1]?.input.trim().replace(/#.*/, "") ?? ""}*`;

  return function show(
    planned: readonly PlannedLine[],
    others: ReadonlyMap<number, OtherPurge>,
    extent: "all" | "notable",
  ): void {
    lines = planned;
    summary.textContent = `${summarizeLines(planned)}.`;
    const warnings = foldWarnings(planned, { mayUseWildcards });
    const exact = new Set(warnings.find(({ code }) => code === "exact-only")?.lines);
    showFolded(warnings);

    const context = { mayUseWildcards, others, folded: new Set(warnings.map(({ code }) => code)) };
    const all = planned.map((line) => describeLine(line, context));
    const chosen = extent === "all" ? all : all.filter(({ notes }) => notes.length > 0);
    chosen.slice(0, rowsAtMost).forEach((words, index) => {
      const star = mayUseWildcards && exact.has(words.line) && extent === "all";
      const key = JSON.stringify([words, star]);
      const before = shown[index];
      if (before?.key === key) return;
      const made = row(words, star);
      if (before === undefined) list.append(made);
      else before.row.replaceWith(made);
      shown[index] = { key, row: made };
    });
    for (const { row } of shown.splice(Math.min(chosen.length, rowsAtMost))) row.remove();
    const left = chosen.length - rowsAtMost;
    rest.textContent =
      left > 0 ? `And ${left} more.` : extent === "all" ? "" : "Only lines with notes are listed.";
  };

  function showFolded(warnings: readonly FoldedWarning[]): void {
    const key = JSON.stringify(warnings);
    if (key === foldedKey) return;
    foldedKey = key;
    folded.replaceChildren(
      ...warnings.map(({ code, text, lines }) => {
        const isOffered = code === "exact-only" && mayUseWildcards && lines.length > 1;
        const label = `Add * to all ${lines.length}`;
        return element("li", {}, `${text} `, isOffered ? changeButton(label, lines) : undefined);
      }),
    );
    folded.hidden = warnings.length === 0;
  }

  function row({ line, input, tone, word, price, notes }: LineDescription, star: boolean): HTMLElement {
    return element(
      "li",
      { class: `line-verdict ${tone}` },
      element("span", { class: "number" }, element("span", { class: "visually-hidden" }, "Line "), `${line}`),
      targetElement(input),
      element("span", { class: "said" }, iconElement(icons[tone]), element("strong", {}, word), ` ${price}`),
      star ? changeButton("Add *", [line], undefined, `Add * to line ${line}`) : undefined,
      ...notes.map((note) => noteElement(note, line)),
    );
  }

  function noteElement({ text, suggestion, purgeId }: LineNote, line: number): HTMLElement {
    const link =
      purgeId === undefined
        ? undefined
        : element("a", { href: `${basePath}/purges/${purgeId}`, target: "_blank" }, "See that purge");
    const offer =
      suggestion === undefined
        ? undefined
        : element(
            "span",
            { class: "suggestion" },
            changeButton("Use this instead", [line], suggestion),
            " ",
            targetElement(suggestion),
          );
    return element("p", { class: "note" }, text, link && " ", link, offer);
  }

  function changeButton(label: string, numbers: readonly number[], use?: string, name?: string): HTMLElement {
    const attributes = { type: "button", class: "small", "data-lines": numbers.join(" "), "data-use": use };
    return element("button", { ...attributes, "aria-label": name }, label);
  }
}
