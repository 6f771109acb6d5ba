import { planLines } from "../../../planning/plan-lines.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import type { PlannedLine } from "../../shared/planned-line.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { writeText } from "./write-text.ts";

/** A line that is not blank, and its position in the text. */
type TypedLine = { readonly text: string; readonly start: number; readonly end: number };

/** The lines without blank ones, as the server counts them. */
export function typedLines(text: string): readonly TypedLine[] {
  const lines: TypedLine[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() !== "") lines.push({ text: line, start: index, end: index + line.length });
  }
  return lines;
}

/** Replaces some lines (numbered from 1), and fires an input event. */
export function replaceLines(area: HTMLTextAreaElement, replacements: ReadonlyMap<number, string>): void {
  const before = area.value;
  let after = "";
  let from = 0;
  let caret: number | undefined;
  typedLines(before).forEach(({ start, end }, index) => {
    const text = replacements.get(index + 1);
    if (text === undefined) return;
    after += before.slice(from, start) + text;
    from = end;
    caret ??= after.length;
  });
  // All at once: line by line, the whole text would be copied for each of them.
  writeText(area, { start: 0, end: before.length }, after + before.slice(from));
  if (caret !== undefined) area.setSelectionRange(caret, caret);
}

export type JudgedLines = {
  readonly lines: readonly PlannedLine[];
  /** The accepted lines: as typed, and the target. Each target occurs once. */
  readonly targets: readonly { readonly line: number; readonly url: string; readonly typed: string }[];
};

/**
 * Judges a text by the rules, and marks the targets that join a purge as of the latest confirmation. `anyway`: the lines
 * that are sent although they are probably a mistake.
 */
export function judgeLines(
  text: string,
  endpoints: readonly UrlEndpoint[],
  { joins, anyway }: { readonly joins: ReadonlyMap<string, string>; readonly anyway: ReadonlySet<string> },
): JudgedLines {
  const typed = typedLines(text).map((line) => line.text);
  const verdicts = planLines(typed, endpoints, { onMistake: mistakePolicy(anyway) });
  return {
    targets: verdicts.flatMap((verdict) =>
      verdict.verdict === "accepted" ? [{ line: verdict.line, url: verdict.url, typed: verdict.input }] : [],
    ),
    lines: verdicts.map((verdict): PlannedLine => {
      const purgeId = verdict.verdict === "accepted" ? joins.get(verdict.url) : undefined;
      if (purgeId === undefined) return verdict;
      return { line: verdict.line, input: verdict.input, verdict: "joined", purgeId };
    }),
  };
}
