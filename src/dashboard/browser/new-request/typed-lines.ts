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
