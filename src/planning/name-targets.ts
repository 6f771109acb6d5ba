import type { BatchLine } from "../domain/batch.ts";
import type { NewPurge } from "../domain/purge.ts";
import type { LineVerdict } from "../domain/verdict.ts";
import { maskSignature } from "../rules/signed-url.ts";

export type NamedTargets = { readonly lines: readonly BatchLine[]; readonly purges: readonly NewPurge[] };

/** Gives each accepted line its own purge, and each duplicate or covered line the purge of the line that clears it. */
export function nameTargets(verdicts: readonly LineVerdict[], makeId: () => string): NamedTargets {
  const idByLine = new Map<number, string>();
  for (const { line, verdict } of verdicts) if (verdict === "accepted") idByLine.set(line, makeId());
  const purgeIdOf = (verdict: LineVerdict) => idByLine.get(clearingLine(verdict)) ?? "";

  const linesByPurge = new Map<string, number[]>();
  for (const verdict of verdicts) {
    const id = purgeIdOf(verdict);
    linesByPurge.set(id, [...(linesByPurge.get(id) ?? []), verdict.line]);
  }
  const purges = verdicts.flatMap((verdict): readonly NewPurge[] => {
    if (verdict.verdict !== "accepted") return [];
    const { url, kind, line } = verdict;
    const id = purgeIdOf(verdict);
    return [{ id, url, maskedUrl: maskSignature(url), kind, lines: linesByPurge.get(id) ?? [line] }];
  });
  return { lines: verdicts.map((verdict) => toBatchLine(verdict, purgeIdOf(verdict))), purges };
}

function clearingLine(verdict: LineVerdict): number {
  switch (verdict.verdict) {
    case "accepted":
    case "rejected":
      return verdict.line;
    case "duplicate":
      return verdict.of;
    case "covered":
      return verdict.by;
  }
}

/** What the ledger keeps of a line. If no purge has its URL, that includes the line itself, with its signature masked. */
function toBatchLine(verdict: LineVerdict, purgeId: string): BatchLine {
  const { line } = verdict;
  switch (verdict.verdict) {
    case "accepted":
      return { line, verdict: "accepted", purgeId, warnings: verdict.warnings };
    case "duplicate":
      return { line, verdict: "duplicate", of: verdict.of, purgeId };
    case "covered":
      return { line, verdict: "covered", by: verdict.by, purgeId, input: maskSignature(verdict.input) };
    case "rejected":
      return {
        line,
        verdict: "rejected",
        input: maskSignature(verdict.input),
        violations: verdict.violations,
      };
  }
}
