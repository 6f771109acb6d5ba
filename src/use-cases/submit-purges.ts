import type { Batch, Budget } from "../domain/batch.ts";
import type { Caller, Scope } from "../domain/caller.ts";
import type { EpochMs } from "../domain/time.ts";
import type { LineVerdict } from "../domain/verdict.ts";
import { LedgerUnavailable } from "../ledger/contract.ts";
import type { ReserveReply } from "../ledger/reservation.ts";
import { nameTargets } from "../planning/name-targets.ts";
import { type PlanOptions, planLines } from "../planning/plan-lines.ts";
import type { Services } from "../services.ts";
import { sendOrPoll } from "./send-or-poll.ts";
import { sendLane } from "./work-leases.ts";

export type Submission = {
  readonly urls: readonly string[];
  readonly reason?: string | undefined;
  /** When the content changed; if absent, now. */
  readonly changedAt?: EpochMs | undefined;
  readonly onInvalid: "reject" | "skip";
  /** Whether lines that are probably a mistake are sent; if absent, they are rejected. */
  readonly onMistake?: PlanOptions["onMistake"];
  readonly onExhausted: "reject" | "hold";
  /** SHA-256 (hex) of actor and key, and of the body as sent. */
  readonly idempotency?: { readonly keyHash: string; readonly bodyHash: string } | undefined;
};

export type Run = {
  /** The end of the function's time, on the monotonic clock. */
  readonly deadlineMs: number;
  /** The answer waits for the sends this long; if absent, 5 s. */
  readonly answerWithinMs?: number;
  /** Keeps work alive after the answer (`context.waitUntil`). */
  readonly background: (work: Promise<void>) => void;
};

export type SubmitReply =
  | { readonly outcome: "accepted" | "replayed"; readonly batch: Batch }
  | { readonly outcome: "invalid"; readonly lines: readonly LineVerdict[] }
  | { readonly outcome: "forbidden"; readonly scope: Scope; readonly lines: readonly number[] }
  | { readonly outcome: "exhausted"; readonly units: number; readonly budget: Budget }
  | { readonly outcome: "key-reused" };

type LinesReply =
  | { readonly outcome: "accepted"; readonly lines: readonly LineVerdict[] }
  | Extract<SubmitReply, { outcome: "invalid" | "forbidden" }>;

/** An answer waits for the sends this long; the rest continues after it. */
const answerWithinMs = 5_000;
/** A submission waits for back-offs and rates up to this long; longer ones are left to the sweep. */
const patienceMs = 10_000;

/**
 * Checks, charges and sends what a caller submits.
 *
 *   plan ──► reserve (one script: key, joins, budget, records, first wave leased) ──► send ──► advance ──► answer
 *                                                                               └── after 5 s: answer, then continue
 *
 * What this run does not reach stays due in the ledger, and the sweep sends it.
 */
export async function submitPurges(
  services: Services,
  caller: Caller,
  submission: Submission,
  run: Run,
): Promise<SubmitReply> {
  const checked = checkLines(services, caller, submission);
  if (checked.outcome !== "accepted") return checked;

  const batchId = services.makeId("b");
  const { lines, purges } = nameTargets(checked.lines, () => services.makeId("p"));
  const askedAtMs = services.clock.monotonicMs();
  const reply = await services.ledger.reserve({
    batchId,
    actor: caller.name,
    reason: submission.reason,
    changedAt: submission.changedAt,
    onExhausted: submission.onExhausted,
    idempotency: submission.idempotency,
    lines,
    purges,
    lease: { token: services.makeId("l"), limit: sendLane.wave },
  });
  if (reply.outcome !== "reserved") return reply;
  services.log("batch-reserved", {
    batchId,
    actor: caller.name,
    units: reply.batch.units,
    purgeIds: reply.batch.purges.map(({ id }) => id),
  });
  return { outcome: "accepted", batch: await sendBatch(services, reply, askedAtMs, run) };
}

/**
 * Whether these lines can be submitted by this caller. `invalid`: no line is acceptable, or one is not and `onInvalid`
 * is `reject`; `forbidden`: a line is a wildcard and the caller lacks the scope for it.
 */
export function checkLines(
  { config }: Services,
  caller: Caller,
  { urls, onInvalid, onMistake }: Pick<Submission, "urls" | "onInvalid" | "onMistake">,
): LinesReply {
  const lines = planLines(urls, config.endpoints, { onMistake });
  const accepted = lines.filter((line) => line.verdict === "accepted");
  const isRejected = onInvalid === "reject" && lines.some(({ verdict }) => verdict === "rejected");
  if (isRejected || accepted.length === 0) return { outcome: "invalid", lines };
  const wildcards = accepted.filter(({ kind }) => kind === "wildcard").map(({ line }) => line);
  if (wildcards.length > 0 && !caller.scopes.includes("wildcard")) {
    return { outcome: "forbidden", scope: "wildcard", lines: wildcards };
  }
  return { outcome: "accepted", lines };
}

/** Sends what the reservation queued; returns the batch when that is done or the answer is due. */
async function sendBatch(
  services: Services,
  reserved: Extract<ReserveReply, { outcome: "reserved" }>,
  askedAtMs: number,
  run: Run,
): Promise<Batch> {
  const { batch, leases, retryInMs } = reserved;
  const leased = new Set(leases.map(({ purgeId }) => purgeId));
  const queued = batch.purges.filter(
    ({ id, batchId, state }) => batchId === batch.id && state === "queued" && !leased.has(id),
  );
  const sending = sendOrPoll(services, sendLane, {
    deadlineMs: run.deadlineMs,
    patienceMs,
    first: { leases, retryInMs, askedAtMs },
    purgeIds: queued.map(({ id }) => id),
    batchId: batch.id,
  });
  const answerIsDue = new AbortController();
  const finished = await Promise.race([
    sending,
    services.clock
      .sleep(run.answerWithinMs ?? answerWithinMs, answerIsDue.signal)
      .then(() => "later" as const),
  ]).finally(() => answerIsDue.abort());
  if (finished !== "later") return finished.batch ?? batch;
  run.background(
    sending.then(
      ({ outcomes }) => services.log("batch-sent", { batchId: batch.id, ...outcomes }),
      () => services.log("batch-left-to-sweep", { batchId: batch.id }),
    ),
  );
  return (await readIfThere(services, batch.id)) ?? batch;
}

/** Undefined while the ledger is unavailable: the batch is accepted, so a 503 would be wrong. */
async function readIfThere({ ledger }: Services, batchId: string): Promise<Batch | undefined> {
  try {
    return await ledger.readBatch(batchId);
  } catch (error) {
    if (error instanceof LedgerUnavailable) return undefined;
    throw error;
  }
}
