/** A line that is not blank, and where it stands in the text. */
type TypedLine = { readonly text: string; readonly start: number; readonly end: number };

/** The lines that count, as the server counts them: the blank ones are left out. */
export function typedLines(text: string): readonly TypedLine[] {
  const lines: TypedLine[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() !== "") lines.push({ text: line, start: index, end: index + line.length });
  }
  return lines;
}

/** Writes something else into some lines (counted from 1), and says to whoever listens that the text changed. */
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
  // At once: set line by line, the whole text would be copied for each of them.
  area.value = after + before.slice(from);
  if (caret !== undefined) area.setSelectionRange(caret, caret);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts lines at the end of what stands there. */
export function appendLines(area: HTMLTextAreaElement, added: readonly string[]): void {
  const before = area.value.trimEnd();
  area.value = [...(before === "" ? [] : [before]), ...added, ""].join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
