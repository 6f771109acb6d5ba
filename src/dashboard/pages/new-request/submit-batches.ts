import { idempotencyOf } from "../../../http/idempotency.ts";
import { linesOf } from "../../../http/purge-request.ts";
import { maximumLines } from "../../../rules/limits.ts";
import { planLines } from "../../../rules/plan.ts";
import type { Services } from "../../../services.ts";
import { type Caller, type Run, type SubmitReply, submitPurges } from "../../../submit-purges.ts";
import { mostLines } from "../../shared/several-batches.ts";
import { can } from "../../ui/context.ts";
import { canonicalBytes, checkDraft, type RequestDraft } from "./draft.ts";

export type BatchesReply =
  | { readonly outcome: "accepted"; readonly batchIds: readonly string[] }
  /** Nothing was submitted. */
  | Extract<SubmitReply, { outcome: "invalid" }>
  | { readonly outcome: "too-many"; readonly count: number }
  | { readonly outcome: "wildcards"; readonly lines: readonly number[] }
  /** The first batches were accepted; the next was not, and `left` is what was not submitted. */
  | {
      readonly outcome: "stopped";
      readonly batchIds: readonly string[];
      readonly batches: number;
      readonly left: readonly string[];
      readonly reply: SubmitReply;
    };

type BatchesOptions = { readonly run: Run; readonly isRecent: (createdAt: number) => boolean };

/**
 * Submits one form as several batches, one after the other. Lines are judged all together first, so that what repeats
 * or is covered across batches is left out. The n-th batch has the key `<form's key>-<n>` and depends on nothing but
 * the form: submitted again, after a reload or a lost answer, it gives the batches that there are.
 */
export async function submitAsBatches(
  services: Services,
  caller: Caller,
  draft: RequestDraft,
  { run, isRecent }: BatchesOptions,
): Promise<BatchesReply> {
  const typedLines = linesOf(draft.urls);
  if (typedLines.length > mostLines) return { outcome: "too-many", count: typedLines.length };
  const verdicts = planLines(typedLines, services.config.endpoints);
  const accepted = verdicts.flatMap((line) => (line.verdict === "accepted" ? [line] : []));
  const isRefused = !draft.isSkipping && verdicts.some(({ verdict }) => verdict === "rejected");
  if (isRefused || accepted.length === 0) return { outcome: "invalid", lines: verdicts };
  const wildcards = accepted.flatMap(({ kind, line }) => (kind === "wildcard" ? [line] : []));
  if (wildcards.length > 0 && !can(caller, "wildcard")) return { outcome: "wildcards", lines: wildcards };

  const parts: (readonly string[])[] = [];
  for (let from = 0; from < accepted.length; from += maximumLines) {
    parts.push(accepted.slice(from, from + maximumLines).map(({ input }) => input));
  }
  const batchIds: string[] = [];
  for (const [index, urls] of parts.entries()) {
    const part = { ...draft, urls: urls.join("\n") };
    const checked = checkDraft(part, services.clock);
    if (!("request" in checked)) throw new Error("a part of the form is not as the form was");
    const idempotency = await idempotencyOf(caller, `${draft.key}-${index + 1}`, canonicalBytes(part));
    const submission = { ...checked.request, idempotency };
    // Sends go on behind the answer: nobody waits for each batch in turn.
    const reply = await submitPurges(services, caller, submission, { ...run, answerWithinMs: 0 });
    const isRecentReplay = reply.outcome === "replayed" && isRecent(reply.batch.createdAt);
    if (reply.outcome === "accepted" || isRecentReplay) {
      batchIds.push(reply.batch.id);
      continue;
    }
    const left = parts.slice(index).flat();
    return { outcome: "stopped", batchIds, batches: parts.length, left, reply };
  }
  return { outcome: "accepted", batchIds };
}
