/** What callers see: ISO times, `null` for what is absent, signatures masked. */

import type { Batch, BatchLine, Budget } from "../../domain/batch.ts";
import type { Purge } from "../../domain/purge.ts";
import { type EpochMs, toIsoTime } from "../../domain/time.ts";
import type { LineVerdict, Violation } from "../../domain/verdict.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { JoinedLine, Plan } from "../../use-cases/plan-purges.ts";
import { isUnfinished, unfinishedSupport } from "./support-text.ts";

export function purgeView(purge: Purge) {
  return {
    id: purge.id,
    batchId: purge.batchId,
    lines: purge.lines,
    url: maskSignature(purge.url),
    kind: purge.kind,
    state: purge.state,
    imagekitRequestId: purge.imagekitRequestId ?? null,
    units: purge.units,
    attempts: purge.attempts,
    checks: purge.checks,
    actor: purge.actor,
    reason: purge.reason ?? null,
    createdAt: toIsoTime(purge.createdAt),
    sentAt: timeOrNull(purge.sentAt),
    acceptedAt: timeOrNull(purge.acceptedAt),
    completedAt: timeOrNull(purge.completedAt),
    endedAt: timeOrNull(purge.endedAt),
    nextCheckAt: timeOrNull(purge.nextCheckAt),
    error:
      purge.error === undefined
        ? null
        : { code: purge.error.code, message: maskSignature(purge.error.message) },
    timeline: purge.timeline.map(({ at, state, by, note }) => ({
      at: toIsoTime(at),
      state,
      by,
      note: maskSignature(note),
    })),
    support: isUnfinished(purge) ? unfinishedSupport([purge]) : null,
  };
}

export function batchView(batch: Batch) {
  return {
    id: batch.id,
    createdAt: toIsoTime(batch.createdAt),
    actor: batch.actor,
    reason: batch.reason ?? null,
    done: batch.done,
    units: batch.units,
    lines: batch.lines.map((line) => batchLineView(line, batch.purges)),
    purges: batch.purges.map(purgeView),
    budget: budgetView(batch.budget),
  };
}

/** A served line also shows the state of its purge, so that callers see if the purge was refused. */
function batchLineView(line: BatchLine, purges: readonly Purge[]) {
  if (line.verdict === "rejected") return lineView(line);
  const { cancelled, ...rest } = line;
  const purge = purges.find(({ id }) => id === line.purgeId);
  return { ...rest, state: cancelled === true ? "cancelled" : (purge?.state ?? null) };
}

export function planView(plan: Plan) {
  return {
    units: plan.units,
    lines: plan.lines.map(lineView),
    budget: budgetView(plan.budget),
    availableAfter: plan.availableAfter,
  };
}

/** A line as a plan and the problem `invalid-urls` show it. */
export function lineView(line: LineVerdict | JoinedLine | Extract<BatchLine, { verdict: "rejected" }>) {
  const input = maskSignature(line.input);
  if (line.verdict === "accepted") return { ...line, input, url: maskSignature(line.url) };
  if (line.verdict !== "rejected") return { ...line, input };
  return { ...line, input, violations: line.violations.map(violationView) };
}

function violationView({ code, message, why, suggestion }: Violation) {
  return {
    code,
    message: maskSignature(message),
    ...(why !== undefined && { why: maskSignature(why) }),
    ...(suggestion !== undefined && { suggestion: maskSignature(suggestion) }),
  };
}

export function budgetView(budget: Budget) {
  return { ...budget, resetsAt: toIsoTime(budget.resetsAt) };
}

function timeOrNull(at: EpochMs | undefined): string | null {
  return at === undefined ? null : toIsoTime(at);
}
