/** One line of the table: what was measured, the result, and the target. */
export type Figure = {
  readonly what: string;
  readonly figure: string;
  /** Empty if the figure has no target and is for information. */
  readonly target: string;
  readonly verdict: "ok" | "NOT OK" | "info";
};

export function withTarget(what: string, figure: string, target: string, reached: boolean): Figure {
  return { what, figure, target, verdict: reached ? "ok" : "NOT OK" };
}

export function information(what: string, figure: string): Figure {
  return { what, figure, target: "", verdict: "info" };
}

/** The figures as a table, each column as wide as its widest cell. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ["what", "figure", "target", ""],
    ...figures.map(({ what, figure, target, verdict }) => [what, figure, target, verdict]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ");
  const [head = [], ...body] = rows;
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...body.map(line)].join("\n");
}
