import type { Budget } from "../domain/batch.ts";
import type { EpochMs } from "../domain/time.ts";
import type { LineVerdict } from "../domain/verdict.ts";
import { type PlanOptions, planLines } from "../planning/plan-lines.ts";
import type { Services } from "../services.ts";

/** A line that an open purge of the same target serves already. */
export type JoinedLine = {
  readonly line: number;
  readonly input: string;
  readonly verdict: "joined";
  readonly purgeId: string;
};

/** What would happen to a list of lines. */
export type Plan = {
  readonly units: number;
  readonly lines: readonly (LineVerdict | JoinedLine)[];
  readonly budget: Budget;
  /** May be negative. */
  readonly availableAfter: number;
};

export type PlanRequest = {
  readonly urls: readonly string[];
  readonly changedAt?: EpochMs | undefined;
  readonly onMistake?: PlanOptions["onMistake"];
};

/** Says what submitting these lines would do and cost. Changes nothing, spends nothing. */
export async function planPurges(
  services: Services,
  { urls, changedAt, onMistake }: PlanRequest,
): Promise<Plan> {
  const verdicts = planLines(urls, services.config.endpoints, { onMistake });
  const targets = verdicts.flatMap((verdict) => (verdict.verdict === "accepted" ? [verdict.url] : []));
  const { budget, joins } = await services.ledger.plan({ urls: targets, changedAt });
  const lines = verdicts.map((verdict): LineVerdict | JoinedLine => {
    const purgeId = verdict.verdict === "accepted" ? joins.get(verdict.url) : undefined;
    return purgeId === undefined
      ? verdict
      : { line: verdict.line, input: verdict.input, verdict: "joined", purgeId };
  });
  const units = lines.filter(({ verdict }) => verdict === "accepted").length;
  return { units, lines, budget, availableAfter: budget.available - units };
}
