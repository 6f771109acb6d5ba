import { type EpochMs, toIsoTime } from "../domain/time.ts";
import type { LineVerdict, Violation } from "../domain/verdict.ts";
import type { LedgerPolicy } from "../ledger/policy.ts";
import type { PlanOptions } from "../planning/plan-lines.ts";
import { planRequest } from "../planning/plan-request.ts";
import type { NamedTargets, PlanningContext, RequestPlan } from "../planning/request-plan.ts";

/** Lines that a caller repeats too often, and since when. */
export type RepeatedLines = ReadonlyMap<number, EpochMs>;

/**
 * The plan with these lines rejected as `repeating`. The others are planned anew, because they now need
 * purges for what a rejected line would have cleared. They keep their numbers.
 */
export function planWithout(
  named: NamedTargets,
  repeated: RepeatedLines,
  context: PlanningContext,
  options: PlanOptions & Pick<LedgerPolicy, "repeatLimit">,
): RequestPlan {
  const inputs = [...named.urls, ...named.images];
  const isKept = (index: number) => !repeated.has(index + 1);
  const keptLines = inputs.flatMap((_, index) => (isKept(index) ? [index + 1] : []));
  const kept = planRequest(
    {
      urls: named.urls.filter((_, index) => isKept(index)),
      images: named.images.filter((_, index) => isKept(named.urls.length + index)),
      cover: named.cover,
    },
    context,
    options,
  );
  const numberOf = (line: number) => keptLines[line - 1] ?? line;
  const rejected = [...repeated].map(
    ([line, since]): LineVerdict => ({
      line,
      input: inputs[line - 1] ?? "",
      verdict: "rejected",
      violations: [repeatingViolation(since, options.repeatLimit)],
    }),
  );
  return {
    lines: [...kept.lines.map((line) => renumbered(line, numberOf)), ...rejected].sort(
      (one, other) => one.line - other.line,
    ),
    targets: kept.targets.map((target) => ({ ...target, lines: target.lines.map(numberOf) })),
  };
}

/**
 * Of the lines that a repeated target serves, those that ask for it. A line that only its wildcard covers repeats nothing.
 * The wildcard of an accepted folder is asked for by all of its lines together.
 */
export function linesAskingFor(
  { url, lines }: Pick<RequestPlan["targets"][number], "url" | "lines">,
  plan: Pick<RequestPlan, "lines">,
): readonly number[] {
  const asks = (line: LineVerdict | undefined): boolean => {
    if (line?.verdict === "accepted") return line.url === url;
    if (line?.verdict === "duplicate") return asks(plan.lines[line.of - 1]);
    return line?.verdict === "image" && line.targets.some((target) => target.url === url);
  };
  const asking = lines.filter((line) => asks(plan.lines[line - 1]));
  return asking.length > 0 ? asking : lines;
}

/** The lines that ask for the repeated purges; `since` is the earliest of them. */
export function linesOfRepeated(
  purges: readonly { readonly lines: readonly number[]; readonly since: EpochMs }[],
): RepeatedLines {
  const sinceByLine = new Map<number, EpochMs>();
  for (const { lines, since } of purges) {
    for (const line of lines) sinceByLine.set(line, Math.min(since, sinceByLine.get(line) ?? since));
  }
  return sinceByLine;
}

const hourMs = 3_600_000;

function repeatingViolation(since: EpochMs, limit: LedgerPolicy["repeatLimit"]): Violation {
  const often = limit === 1 ? "once" : `${limit} times`;
  return {
    code: "repeating",
    message:
      `Find out what repeats this purge: you have made it ${often} since ${toIsoTime(since)}, which is the limit for one ` +
      `hour. It will be accepted again from ${toIsoTime(since + hourMs)} on.`,
    why:
      "The usual cause is a hook in a loop: saving an image purges it, and the purge saves it again. PURGE_REPEAT_LIMIT " +
      "says how many batches of one caller may purge the same URL within an hour, whatever its query. Lines that join a " +
      "purge do not count.",
  };
}

function renumbered(line: LineVerdict, numberOf: (line: number) => number): LineVerdict {
  const own = numberOf(line.line);
  switch (line.verdict) {
    case "duplicate":
      return { ...line, line: own, of: numberOf(line.of) };
    case "covered":
      return "by" in line ? { ...line, line: own, by: numberOf(line.by) } : { ...line, line: own };
    case "image": {
      const targets = line.targets.map((target) => {
        if (target.verdict === "duplicate") return { ...target, of: numberOf(target.of) };
        return target.verdict === "covered" && "by" in target
          ? { ...target, by: numberOf(target.by) }
          : target;
      });
      return { ...line, line: own, targets };
    }
    default:
      return { ...line, line: own };
  }
}
