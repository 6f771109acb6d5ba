/** `1 line`, `1,200 lines`, `2 batches`. */
export function pluralize(count: number, noun: string): string {
  const plural = noun.endsWith("ch") ? `${noun}es` : `${noun}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

/** `line 4`, `lines 1 to 3, 5 and 8`; only a count if there are many ranges. */
export function lineList(lines: readonly number[]): string {
  const ranges: { readonly from: number; to: number }[] = [];
  for (const line of lines) {
    const latest = ranges.at(-1);
    if (latest !== undefined && latest.to === line - 1) latest.to = line;
    else ranges.push({ from: line, to: line });
  }
  if (ranges.length > 8) return `${lines.length} lines`;
  const words = ranges.flatMap(({ from, to }) => {
    if (to > from + 1) return [`${from} to ${to}`];
    return to === from ? [`${from}`] : [`${from}`, `${to}`];
  });
  const head = words.slice(0, -1).join(", ");
  return `${lines.length === 1 ? "line" : "lines"} ${head === "" ? "" : `${head} and `}${words.at(-1) ?? ""}`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
