import { isRefusedAsMistake } from "../../../domain/verdict.ts";
import { sendAfterPassed } from "../../../http/requests/stated-time.ts";
import { LedgerFull, LedgerInDoubt, LedgerUnavailable } from "../../../ledger/contract.ts";
import { TooManyRequests } from "../../../ledger/principal.ts";
import type { SubmitReply } from "../../../use-cases/submit-purges.ts";
import type { NamedLines } from "../../shared/naming.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { pluralize } from "../../shared/words.ts";
import { describeFault } from "./draft.ts";
import type { Interruption, RequestProblem } from "./request-problem.tsx";
import type { OutOfTime } from "./submit-batches.ts";

/** Why a submission was not accepted. The reply numbers the lines as planned, the problem as typed. */
export function problemOf(
  reply: SubmitReply | OutOfTime,
  { isSkipping, isHolding }: RequestDraft,
  { places }: Pick<NamedLines, "places">,
): RequestProblem {
  const placed = (lines: readonly number[]) =>
    lines.map((line) => places[line - 1] ?? line).sort((one, other) => one - other);
  switch (reply.outcome) {
    case "accepted":
    case "replayed":
      return { kind: "long-ago", batchId: reply.batch.id, at: reply.batch.createdAt };
    case "invalid": {
      const rejected = reply.lines.flatMap((line) => (line.verdict === "rejected" ? [line] : []));
      const numbers = (lines: typeof rejected) => placed(lines.map(({ line }) => line));
      const mistakes = numbers(rejected.filter(isRefusedAsMistake));
      return { kind: "invalid", lines: numbers(rejected), mistakes, isSkipping };
    }
    case "forbidden":
      return { kind: "forbidden", lines: placed(reply.lines), cover: reply.cover };
    case "too-many-targets":
      return { kind: "too-many-targets", count: reply.count, limit: reply.limit };
    case "send-time-passed":
      return { kind: "faults", sentences: [describeFault(sendAfterPassed(reply.now))] };
    case "out-of-time":
      return { kind: "out-of-time" };
    case "exhausted":
      return { kind: "exhausted", units: reply.units, budget: reply.budget, isHolding };
    case "key-reused":
      return { kind: "key-reused" };
  }
}

/**
 * What kept the ledger from answering; undefined for any other error. A submission whose answer was lost may have been
 * accepted: the form's key makes it safe to submit again.
 */
export function interruptionOf(
  error: unknown,
  { isSubmitting }: { readonly isSubmitting: boolean },
): Interruption | undefined {
  const kind = "unanswered";
  if (error instanceof TooManyRequests) {
    const retryInSeconds = Math.ceil(error.retryInMs / 1000);
    const why =
      error.limit === "storage"
        ? "Your token has submitted as much as the ledger keeps for one token."
        : "There were too many requests.";
    const sentence = `${why} Try again in ${pluralize(retryInSeconds, "second")}.`;
    return { kind, code: "rate-limited", sentence, isUnknown: false, retryInSeconds };
  }
  if (error instanceof LedgerInDoubt) {
    const sentence =
      "The ledger has lost keys, so what is left of the month's budget is not known. Nothing is granted until an " +
      "admin enters a correction.";
    return { kind, code: "ledger-unavailable", sentence, isUnknown: false, retryInSeconds: 60 };
  }
  if (error instanceof LedgerFull && error.wroteNothing) {
    const sentence = "The ledger’s Redis is full. An admin can give the database more memory.";
    return { kind, code: "ledger-unavailable", sentence, isUnknown: false, retryInSeconds: 60 };
  }
  if (!(error instanceof LedgerUnavailable)) return undefined;
  const sentence = isSubmitting
    ? "The ledger did not answer. Submit again in a moment: the same request is not charged twice."
    : "The ledger did not answer, so the lines could not be checked. Try again in a moment.";
  return { kind, code: "ledger-unavailable", sentence, isUnknown: isSubmitting, retryInSeconds: 5 };
}
