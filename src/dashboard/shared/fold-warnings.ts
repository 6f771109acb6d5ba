import { maskSignature } from "../../rules/signed-url.ts";
import type { PlannedLine } from "./describe-line.ts";
import { capitalize, lineList } from "./words.ts";

/** One warning, shown once for all lines that have it. */
export type FoldedWarning = {
  readonly code: string;
  readonly text: string;
  readonly lines: readonly number[];
};

/**
 * The warnings to show once instead of on each line: those that several lines share word for word, and always the one
 * that a line clears only its exact URL, because nearly every line has it.
 */
export function foldWarnings(
  planned: readonly PlannedLine[],
  { mayUseWildcards }: { readonly mayUseWildcards: boolean },
): readonly FoldedWarning[] {
  const linesOf = new Map<string, { readonly messages: Set<string>; readonly lines: number[] }>();
  for (const each of planned) {
    if (each.verdict !== "accepted") continue;
    for (const { code, message } of each.warnings) {
      const found = linesOf.get(code) ?? { messages: new Set(), lines: [] };
      linesOf.set(code, found);
      found.messages.add(message);
      found.lines.push(each.line);
    }
  }
  return [...linesOf].flatMap(([code, { messages, lines }]): readonly FoldedWarning[] => {
    if (code === "exact-only") return [{ code, text: exactOnly(lines.length, mayUseWildcards), lines }];
    const [message = ""] = messages;
    if (lines.length < 2 || messages.size > 1) return [];
    return [{ code, text: `${capitalize(lineList(lines))}: ${maskSignature(message)}`, lines }];
  });
}

function exactOnly(count: number, mayUseWildcards: boolean): string {
  const what = count === 1 ? "1 line clears" : `${count} lines clear`;
  const whose = count === 1 ? "its" : "their";
  const how = mayUseWildcards ? "add * to clear those too" : "an admin can clear those too by adding *";
  return `${what} only the exact URL, not ${whose} ?tr= versions; ${how}.`;
}
