import type { Budget } from "../domain/batch.ts";
import type { Caller } from "../domain/caller.ts";
import type { TargetKind } from "../domain/purge.ts";
import type { EpochMs } from "../domain/time.ts";
import type { ImageLine, ImageTarget, LineVerdict } from "../domain/verdict.ts";
import type { PlanReply } from "../ledger/contract.ts";
import { offerCovers } from "../planning/covers/offer-covers.ts";
import type { PlanOptions } from "../planning/plan-lines.ts";
import { planRequest } from "../planning/plan-request.ts";
import type { CoverOffer, NamedTargets, PlanningContext, RequestPlan } from "../planning/request-plan.ts";
import { maximumPlanTargets } from "../rules/limits.ts";
import type { Services } from "../services.ts";
import { planningContext } from "./check-submission.ts";
import { linesAskingFor, linesOfRepeated, planWithout, type RepeatedLines } from "./plan-without.ts";

/** Served by an open purge of the same target. */
type Joined = { readonly verdict: "joined"; readonly purgeId: string };

export type JoinedLine = { readonly line: number; readonly input: string } & Joined;

/** An image, of whose targets some may join. */
export type PlannedImage = Omit<ImageLine, "targets"> & {
  readonly targets: readonly (ImageTarget | ({ readonly url: string; readonly kind: TargetKind } & Joined))[];
};

export type PlannedLine = Exclude<LineVerdict, ImageLine> | PlannedImage | JoinedLine;

/** A folder that the request allows to be cleared whole, and what clears it. */
export type PlannedCover = {
  readonly prefix: string;
  readonly targets: readonly ({
    readonly url: string;
    readonly kind: TargetKind;
    readonly lines: readonly number[];
  } & ({ readonly verdict: "accepted" } | Joined))[];
};

/** What would happen to a list of lines. */
export type Plan = {
  readonly units: number;
  readonly lines: readonly PlannedLine[];
  /** The folders that were accepted in the request and save something. */
  readonly cover: readonly PlannedCover[];
  /** The folders that would save units if they were accepted. */
  readonly covers: readonly CoverOffer[];
  readonly budget: Budget;
  /** May be negative. */
  readonly availableAfter: number;
};

export type PlanPurgesReply =
  | { readonly outcome: "planned"; readonly plan: Plan }
  | { readonly outcome: "too-many-targets"; readonly count: number; readonly limit: number };

export type PlanRequest = {
  readonly urls: readonly string[];
  readonly images?: readonly string[];
  readonly cover?: readonly string[];
  readonly changedAt?: EpochMs | undefined;
  readonly sendAfter?: EpochMs | undefined;
  readonly onMistake?: PlanOptions["onMistake"];
  /** `allowed`: plans lines that the caller repeats too often as if it did not. */
  readonly repeats?: "allowed" | undefined;
};

/** A plan without the lines that repeat may have new targets, which may repeat too: planning is tried at most this often. */
const tries = 3;

/** Says what submitting these lines would do and cost. Changes nothing, spends nothing. */
export async function planPurges(
  services: Services,
  caller: Caller,
  { urls, images = [], cover = [], changedAt, sendAfter, onMistake, repeats }: PlanRequest,
): Promise<PlanPurgesReply> {
  const { ledger, config } = services;
  const named: NamedTargets = { urls, images, cover };
  const prepared = images.length > 0 ? await ledger.prepare({}) : undefined;
  const context = planningContext(services, caller, prepared?.outcome === "new" ? prepared.profiles : []);
  const options = { onMistake, repeatLimit: config.policy.repeatLimit };
  const repeated = new Map<number, EpochMs>();
  let plan = planRequest(named, context, options);
  for (let left = tries; ; left -= 1) {
    const count = plan.targets.length;
    if (count > maximumPlanTargets) return { outcome: "too-many-targets", count, limit: maximumPlanTargets };
    const asked = plan.targets.map(({ url }) => url);
    const reply = await ledger.plan({ urls: asked, changedAt, sendAfter, actor: caller.name });
    const found: RepeatedLines = repeats === "allowed" ? new Map() : repeatedIn(plan, reply);
    for (const [line, since] of found) repeated.set(line, since);
    if (found.size > 0) plan = planWithout(named, repeated, context, options);
    if (found.size === 0 || left === 1) return { outcome: "planned", plan: withJoins(plan, reply, context) };
  }
}

function repeatedIn(plan: RequestPlan, { repeating }: PlanReply): RepeatedLines {
  return linesOfRepeated(
    plan.targets.flatMap((target) => {
      const since = repeating.get(target.url);
      return since === undefined ? [] : [{ lines: linesAskingFor(target, plan), since }];
    }),
  );
}

/** What the lines cost now that it is known which targets open purges serve already. */
function withJoins(plan: RequestPlan, { joins, budget }: PlanReply, context: PlanningContext): Plan {
  const units = plan.targets.filter(({ url }) => !joins.has(url)).length;
  return {
    units,
    lines: plan.lines.map((line) => lineWithJoins(line, joins)),
    cover: coverWithJoins(plan, joins),
    covers: offerCovers(plan, context, (url) => joins.has(url)),
    budget,
    availableAfter: budget.available - units,
  };
}

function lineWithJoins(verdict: LineVerdict, joins: PlanReply["joins"]): PlannedLine {
  if (verdict.verdict === "image") {
    const targets = verdict.targets.map((target) => {
      const purgeId = target.verdict === "accepted" ? joins.get(target.url) : undefined;
      if (purgeId === undefined) return target;
      return { url: target.url, kind: target.kind, verdict: "joined", purgeId } as const;
    });
    return { ...verdict, targets };
  }
  const purgeId = verdict.verdict === "accepted" ? joins.get(verdict.url) : undefined;
  if (purgeId === undefined) return verdict;
  return { line: verdict.line, input: verdict.input, verdict: "joined", purgeId };
}

function coverWithJoins({ targets }: RequestPlan, joins: PlanReply["joins"]): readonly PlannedCover[] {
  const byFolder = new Map<string, PlannedCover["targets"]>();
  for (const { cover, url, kind, lines } of targets) {
    if (cover === undefined) continue;
    const purgeId = joins.get(url);
    const served =
      purgeId === undefined ? ({ verdict: "accepted" } as const) : ({ verdict: "joined", purgeId } as const);
    byFolder.set(cover, [...(byFolder.get(cover) ?? []), { url, kind, lines, ...served }]);
  }
  return [...byFolder].map(([prefix, ofFolder]) => ({ prefix, targets: ofFolder }));
}
