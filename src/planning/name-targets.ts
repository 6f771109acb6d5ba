import type { BatchLine } from "../domain/batch.ts";
import type { NewPurge } from "../domain/purge.ts";
import type { LineVerdict } from "../domain/verdict.ts";
import { edgeCheckOf } from "../rules/edge-url.ts";
import { maskSignature } from "../rules/signed-url.ts";
import type { RequestPlan } from "./request-plan.ts";

/** Gives each target of a plan a purge, with an edge check if that is asked for, and each line the purges that clear it. */
export function nameTargets(
  { lines, targets }: RequestPlan,
  makeId: () => string,
  edgeCheck: "on" | "off" = "off",
): { readonly lines: readonly BatchLine[]; readonly purges: readonly NewPurge[] } {
  const purges = targets.map(({ url, kind, lines: served }): NewPurge => {
    const check = edgeCheck === "on" ? edgeCheckOf({ url, kind }) : undefined;
    return { id: makeId(), url, maskedUrl: maskSignature(url), kind, lines: served, check };
  });
  const idsByLine = new Map<number, string[]>();
  for (const purge of purges) {
    for (const line of purge.lines) {
      const ids = idsByLine.get(line);
      if (ids === undefined) idsByLine.set(line, [purge.id]);
      else ids.push(purge.id);
    }
  }
  return {
    lines: lines.map((verdict) => toBatchLine(verdict, idsByLine.get(verdict.line) ?? [], lines)),
    purges,
  };
}

/** What the ledger keeps of a line. If no purge has its URL, that includes the line itself, with its signature masked. */
function toBatchLine(
  verdict: LineVerdict,
  purgeIds: readonly string[],
  verdicts: readonly LineVerdict[],
): BatchLine {
  const { line } = verdict;
  const input = maskSignature(verdict.input);
  const [purgeId = ""] = purgeIds;
  switch (verdict.verdict) {
    case "accepted":
      return { line, verdict: "accepted", purgeId, warnings: verdict.warnings };
    case "duplicate": {
      const first = verdicts[verdict.of - 1];
      if (first?.verdict !== "image") return { line, verdict: "duplicate", of: verdict.of, purgeId };
      const { image, profile } = first;
      return {
        line,
        verdict: "image",
        image: maskSignature(image),
        profile,
        purgeIds,
        warnings: [],
        of: verdict.of,
      };
    }
    case "covered":
      return "cover" in verdict
        ? { line, verdict: "covered", cover: verdict.cover, purgeId, input }
        : { line, verdict: "covered", by: verdict.by, purgeId, input };
    case "image": {
      const { image, profile, warnings } = verdict;
      return { line, verdict: "image", image: maskSignature(image), profile, purgeIds, warnings };
    }
    case "rejected":
      return { line, verdict: "rejected", input, violations: verdict.violations };
  }
}
