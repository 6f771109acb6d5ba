import type { PlannedLine } from "./describe-line.ts";

/** `12 lines accepted, 1 rejected, 2 repeated or covered, 1 joined, 12 units`. */
export function summarizeLines(planned: readonly PlannedLine[]): string {
  const count = (...verdicts: readonly PlannedLine["verdict"][]) =>
    planned.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const accepted = count("accepted");
  const others = [
    [count("rejected"), "rejected"],
    [count("duplicate", "covered"), "repeated or covered"],
    [count("joined"), "joined"],
  ] as const;
  const said = others.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  return [`${pluralize(accepted, "line")} accepted`, ...said, pluralize(accepted, "unit")].join(", ");
}

export function pluralize(count: number, noun: string): string {
  const plural = noun.endsWith("ch") ? `${noun}es` : `${noun}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}
