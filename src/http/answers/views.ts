/** What callers see: ISO times, `null` for what is absent, signatures masked. */

import { type Batch, type BatchLine, type Budget, isChecked } from "../../domain/batch.ts";
import type { Purge, PurgeState } from "../../domain/purge.ts";
import { toIsoTime, toIsoTimeOrNull } from "../../domain/time.ts";
import type { LineVerdict, Violation } from "../../domain/verdict.ts";
import { worstState } from "../../domain/worst-state.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { Plan, PlannedLine } from "../../use-cases/plan-purges.ts";
import { edgeView } from "./edge-view.ts";
import { supportOf } from "./support-text.ts";

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
    sentAt: toIsoTimeOrNull(purge.sentAt),
    acceptedAt: toIsoTimeOrNull(purge.acceptedAt),
    completedAt: toIsoTimeOrNull(purge.completedAt),
    endedAt: toIsoTimeOrNull(purge.endedAt),
    sendAt: toIsoTimeOrNull(purge.sendAt),
    scheduled: purge.isScheduled === true,
    nextCheckAt: toIsoTimeOrNull(purge.nextCheckAt),
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
    edge: purge.edge === undefined ? null : edgeView(purge.edge, purge.alarm),
    support: supportOf(purge) ?? null,
  };
}

export function batchView(batch: Batch) {
  const states = new Map(batch.purges.map(({ id, state }) => [id, state]));
  return {
    id: batch.id,
    createdAt: toIsoTime(batch.createdAt),
    actor: batch.actor,
    reason: batch.reason ?? null,
    done: batch.done,
    checked: isChecked(batch),
    units: batch.units,
    lines: batch.lines.map((line) => batchLineView(line, states)),
    purges: batch.purges.map(purgeView),
    budget: budgetView(batch.budget),
  };
}

/** A served line also shows the state of what serves it, so that callers see if that was refused. */
function batchLineView(line: BatchLine, states: ReadonlyMap<string, PurgeState>) {
  if (line.verdict === "rejected") return lineView(line);
  if (line.verdict === "image") {
    const { cancelledIds = [], image, profile = null, ...rest } = line;
    const ofPurges = line.purgeIds.map((id) => (cancelledIds.includes(id) ? "cancelled" : states.get(id)));
    return { ...rest, image: maskSignature(image), profile, state: worstState(ofPurges) ?? null };
  }
  const { cancelled, ...rest } = line;
  return { ...rest, state: cancelled === true ? "cancelled" : (states.get(line.purgeId) ?? null) };
}

export function planView(plan: Plan) {
  return {
    units: plan.units,
    lines: plan.lines.map(lineView),
    cover: plan.cover.map(({ prefix, targets }) => ({ prefix, targets: targets.map(targetView) })),
    covers: plan.covers.map((offer) => ({ ...offer, wildcards: offer.wildcards.map(maskSignature) })),
    budget: budgetView(plan.budget),
    availableAfter: plan.availableAfter,
  };
}

/** A line as a plan and the problem `invalid-urls` show it. */
export function lineView(line: PlannedLine | LineVerdict | Extract<BatchLine, { verdict: "rejected" }>) {
  const input = maskSignature(line.input);
  switch (line.verdict) {
    case "accepted":
      return { ...line, input, url: maskSignature(line.url) };
    case "rejected":
      return { ...line, input, violations: line.violations.map(violationView) };
    case "image": {
      const { image, profile = null, targets, ...rest } = line;
      const units = targets.filter(({ verdict }) => verdict === "accepted").length;
      return {
        ...rest,
        input,
        image: maskSignature(image),
        profile,
        targets: targets.map(targetView),
        units,
      };
    }
    default:
      return { ...line, input };
  }
}

function targetView<T extends { readonly url: string }>(target: T) {
  return { ...target, url: maskSignature(target.url) };
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
