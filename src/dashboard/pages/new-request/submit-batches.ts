import type { Caller } from "../../../domain/caller.ts";
import { idempotencyOf } from "../../../http/requests/idempotency.ts";
import type { PurgeRequest } from "../../../http/requests/purge-request.ts";
import { planRequest } from "../../../planning/plan-request.ts";
import { maximumPlanTargets } from "../../../rules/limits.ts";
import type { Services } from "../../../services.ts";
import { checkSubmission, planningContext } from "../../../use-cases/check-submission.ts";
import type { Invocation } from "../../../use-cases/send-batch.ts";
import { type SubmitReply, submitPurges } from "../../../use-cases/submit-purges.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { splitPlan } from "../../shared/split-plan.ts";
import { canonicalBytes } from "./draft.ts";

export type BatchesReply =
  | { readonly outcome: "accepted"; readonly batchIds: readonly string[] }
  /** Nothing was submitted. */
  | Extract<SubmitReply, { outcome: "invalid" | "forbidden" | "too-many-targets" }>
  /** The first batches were accepted and the next was not. `left`: the lines (as planned) that were not submitted. */
  | {
      readonly outcome: "stopped";
      readonly batchIds: readonly string[];
      readonly batches: number;
      readonly left: readonly number[];
      readonly reply: SubmitReply | OutOfTime;
    };

/** The function has no time left. */
export type OutOfTime = { readonly outcome: "out-of-time" };

/** No batch is begun with less than this left: Redis may take that long to answer. */
const batchTakesMs = 6_000;

type BatchesOptions = { readonly run: Invocation; readonly isRecent: (createdAt: number) => boolean };

/**
 * Submits one form as several batches, one after another. Plans all lines together first, so that nothing is paid twice
 * across batches. The n-th batch has the key `<form's key>-<n>` and depends only on the form and the profiles, so
 * submitting again after a reload or a lost answer gives the same batches; had the profiles changed in between, the key
 * would be refused.
 */
export async function submitAsBatches(
  services: Services,
  caller: Caller,
  { draft, request }: { readonly draft: RequestDraft; readonly request: PurgeRequest },
  { run, isRecent }: BatchesOptions,
): Promise<BatchesReply> {
  const onMistake = mistakePolicy(new Set(draft.anyway));
  const prepared = await services.ledger.prepare({});
  const context = planningContext(services, caller, prepared.outcome === "new" ? prepared.profiles : []);
  const plan = planRequest(request, context, { onMistake });
  const check = checkSubmission(plan, caller, request);
  if (check.outcome !== "acceptable") return check;
  if (plan.targets.length > maximumPlanTargets) {
    return { outcome: "too-many-targets", count: plan.targets.length, limit: maximumPlanTargets };
  }

  const parts = splitPlan(plan, context);
  const batchIds: string[] = [];
  for (const [index, { urls, images }] of parts.entries()) {
    const stopped = (reply: SubmitReply | OutOfTime) => {
      const left = [...new Set(parts.slice(index).flatMap(({ lines }) => lines))];
      return { outcome: "stopped", batchIds, batches: parts.length, left, reply } as const;
    };
    if (index > 0 && services.clock.monotonicMs() + batchTakesMs > run.deadlineMs) {
      return stopped({ outcome: "out-of-time" });
    }
    const body = canonicalBytes({ ...draft, cover: [] }, { urls, images });
    const idempotency = await idempotencyOf(caller, `${draft.key}-${index + 1}`, body);
    // The plan has left out the mistakes that are not to be sent. The URLs of an image have other texts than its line.
    const submission = { ...request, urls, images, cover: [], onMistake: "send", idempotency } as const;
    // Sends continue after the answer, so that the reader does not wait for every batch.
    const reply = await submitPurges(services, caller, submission, { ...run, answerWithinMs: 0 });
    const isRecentReplay = reply.outcome === "replayed" && isRecent(reply.batch.createdAt);
    if (reply.outcome === "accepted" || isRecentReplay) {
      batchIds.push(reply.batch.id);
      continue;
    }
    return stopped(reply);
  }
  return { outcome: "accepted", batchIds };
}
