import type { Caller } from "../../../domain/caller.ts";
import { idempotencyOf } from "../../../http/requests/idempotency.ts";
import { linesOf } from "../../../http/requests/purge-request.ts";
import { maximumLines } from "../../../rules/limits.ts";
import type { Services } from "../../../services.ts";
import { checkLines, type Run, type SubmitReply, submitPurges } from "../../../use-cases/submit-purges.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { mostLines } from "../../shared/several-batches.ts";
import { canonicalBytes, checkDraft } from "./draft.ts";

export type BatchesReply =
  | { readonly outcome: "accepted"; readonly batchIds: readonly string[] }
  /** Nothing was submitted. */
  | Extract<SubmitReply, { outcome: "invalid" | "forbidden" }>
  | { readonly outcome: "too-many"; readonly count: number }
  /** The first batches were accepted and the next was not. `left`: the lines that were not submitted. */
  | {
      readonly outcome: "stopped";
      readonly batchIds: readonly string[];
      readonly batches: number;
      readonly left: readonly string[];
      readonly reply: SubmitReply;
    };

type BatchesOptions = { readonly run: Run; readonly isRecent: (createdAt: number) => boolean };

/**
 * Submits one form as several batches, one after another. Judges all lines together first, to leave out lines that are
 * repeated or covered across batches. The n-th batch has the key `<form's key>-<n>` and depends only on the form, so
 * submitting again after a reload or a lost answer gives the same batches.
 */
export async function submitAsBatches(
  services: Services,
  caller: Caller,
  draft: RequestDraft,
  { run, isRecent }: BatchesOptions,
): Promise<BatchesReply> {
  const typedLines = linesOf(draft.urls);
  if (typedLines.length > mostLines) return { outcome: "too-many", count: typedLines.length };
  const onInvalid = draft.isSkipping ? "skip" : "reject";
  const onMistake = mistakePolicy(new Set(draft.anyway));
  const checked = checkLines(services, caller, { urls: typedLines, onInvalid, onMistake });
  if (checked.outcome !== "accepted") return checked;
  const accepted = checked.lines.filter(({ verdict }) => verdict === "accepted");

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
    const submission = { ...checked.request, onMistake, idempotency };
    // Sends continue after the answer, so that the reader does not wait for every batch.
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
