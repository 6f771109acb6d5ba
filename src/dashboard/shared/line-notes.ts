import type { Warning } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { LineContext, LineNote } from "./line-description.ts";

export const doubtful = "This probably clears nothing, or not what you mean.";

const rank = { mistake: 0, caution: 1, note: 2 } as const;

/** Without the hints about what a line clears if it is doubtful, and what a caution says better. */
export function worthSaying(warnings: readonly Warning[]): readonly Warning[] {
  const isDoubtful = warnings.some(({ severity }) => severity !== "note");
  const isInName = warnings.some(({ code }) => code === "mark-in-name");
  return warnings.filter(
    ({ code }) =>
      !(isDoubtful && (code === "exact-only" || code === "folder-without-wildcard")) &&
      !(isInName && code === "fragment-dropped"),
  );
}

/** The warnings of a line that are shown with it, the most serious first. */
export function notesOf(
  warnings: readonly Warning[],
  { mayUseWildcards, folded }: Pick<LineContext, "mayUseWildcards" | "folded">,
): readonly LineNote[] {
  return [...worthSaying(warnings)]
    .sort((one, other) => rank[one.severity] - rank[other.severity])
    .filter(({ code }) => !folded.has(code))
    .map(
      ({ message, severity, suggestion }): LineNote => ({
        text: maskSignature(wordsFor(message, mayUseWildcards)) || (severity === "note" ? "" : doubtful),
        severity: severity === "note" ? undefined : "caution",
        suggestion: allowedSuggestion(suggestion, mayUseWildcards),
      }),
    )
    .filter(({ text }) => text !== "");
}

/** Suggests wildcards only to people who may use them. */
export function allowedSuggestion(
  suggestion: string | undefined,
  mayUseWildcards: boolean,
): string | undefined {
  return mayUseWildcards || !/\*$/m.test(suggestion ?? "") ? suggestion : undefined;
}

/** A message, for people who may not purge wildcards without the sentences about them; possibly empty. */
export function wordsFor(message: string, mayUseWildcards: boolean): string {
  if (mayUseWildcards) return message;
  const kept = message.split(". ").filter((sentence) => !/\*|wildcard/i.test(sentence));
  return kept.join(". ").replace(/\.?$/, kept.length === 0 ? "" : ".");
}
