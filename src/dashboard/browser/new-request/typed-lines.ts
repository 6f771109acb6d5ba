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

/** Writes something else into some lines (pluralize from 1), and says to whoever listens that the text changed. */
export function replaceLines(area: HTMLTextAreaElement, replacements: ReadonlyMap<number, string>): void {
  const lines = typedLines(area.value);
  for (const [line, text] of [...replacements].sort(([one], [other]) => other - one)) {
    const found = lines[line - 1];
    if (found !== undefined) area.setRangeText(text, found.start, found.end, "end");
  }
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts lines at the end of what stands there. */
export function appendLines(area: HTMLTextAreaElement, added: readonly string[]): void {
  const before = area.value.trimEnd();
  area.value = [...(before === "" ? [] : [before]), ...added, ""].join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
