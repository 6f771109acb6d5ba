import type { LineVerdict, Violation } from "../../../domain/verdict.ts";
import { planRequest } from "../../../planning/plan-request.ts";
import type { PlanningContext, RequestPlan } from "../../../planning/request-plan.ts";
import { inTypedOrder, type NamedLines, type Naming, nameLines } from "../../shared/naming.ts";
import type { PlannedCover, PlannedLine } from "../../shared/planned-line.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { typedLines } from "./typed-lines.ts";

/** What the server has said of lines and their targets; none before it has answered. */
export type Known = {
  /** The purge that a target joins, by the target's URL. */
  readonly joins: ReadonlyMap<string, string>;
  /** By a line's text: why the server refuses it although the rules do not. */
  readonly refused: ReadonlyMap<string, readonly Violation[]>;
};

export type JudgedLines = {
  readonly named: NamedLines;
  /** In the order as typed. */
  readonly lines: readonly PlannedLine[];
  readonly covers: readonly PlannedCover[];
  /** As it would be sent, before joins. */
  readonly plan: RequestPlan;
  /** What the server is asked about: the lines that could cost something. */
  readonly asked: readonly Asked[];
};

/** A line as planned here, and its number as typed. */
export type Asked = { readonly place: number; readonly kind: "url" | "image"; readonly verdict: LineVerdict };

type Judging = {
  readonly context: PlanningContext;
  readonly naming: Naming;
  /** The folders that may be cleared whole. */
  readonly cover: readonly string[];
  readonly known: Known;
  /** The lines that are sent although they are probably a mistake. */
  readonly anyway: ReadonlySet<string>;
};

/** Judges a text by the rules, and marks what the server has said of it. */
export function judgeLines(text: string, { context, naming, cover, known, anyway }: Judging): JudgedLines {
  const named = nameLines(
    typedLines(text).map((line) => line.text),
    naming,
  );
  const plan = planRequest({ ...named, cover }, context, { onMistake: mistakePolicy(anyway) });
  return {
    named,
    lines: inTypedOrder(
      plan.lines.map((line) => asKnown(line, known)),
      named,
    ),
    covers: coversOf(plan, known),
    plan,
    asked: plan.lines.flatMap((verdict): readonly Asked[] => {
      const isPriced =
        verdict.verdict === "accepted" ||
        verdict.verdict === "image" ||
        (verdict.verdict === "covered" && "cover" in verdict);
      const kind = verdict.line > named.urls.length ? "image" : "url";
      return isPriced ? [{ place: named.places[verdict.line - 1] ?? verdict.line, kind, verdict }] : [];
    }),
  };
}

function asKnown(verdict: LineVerdict, { joins, refused }: Known): PlannedLine {
  const { line, input } = verdict;
  const violations = refused.get(input);
  if (violations !== undefined) return { line, input, verdict: "rejected", violations };
  if (verdict.verdict === "image") {
    const targets = verdict.targets.map((target) => {
      const purgeId = target.verdict === "accepted" ? joins.get(target.url) : undefined;
      const { url, kind } = target;
      return purgeId === undefined ? target : ({ url, kind, verdict: "joined", purgeId } as const);
    });
    return { ...verdict, targets };
  }
  const purgeId = verdict.verdict === "accepted" ? joins.get(verdict.url) : undefined;
  return purgeId === undefined ? verdict : { line, input, verdict: "joined", purgeId };
}

function coversOf({ targets }: RequestPlan, { joins }: Known): readonly PlannedCover[] {
  const byPrefix = new Map<string, PlannedCover["targets"]>();
  for (const { url, kind, lines, cover } of targets) {
    if (cover === undefined) continue;
    const purgeId = joins.get(url);
    const served =
      purgeId === undefined ? { verdict: "accepted" as const } : { verdict: "joined" as const, purgeId };
    byPrefix.set(cover, [...(byPrefix.get(cover) ?? []), { url, kind, lines, ...served }]);
  }
  return [...byPrefix].map(([prefix, ofPrefix]) => ({ prefix, targets: ofPrefix }));
}
