import type { Batch, Budget } from "../domain/batch.ts";
import type { Caller } from "../domain/caller.ts";
import type { StoredProfile } from "../domain/profile.ts";
import { type EpochMs, toIsoTime } from "../domain/time.ts";
import type { Reservation, ReserveReply } from "../ledger/reservation.ts";
import { nameTargets } from "../planning/name-targets.ts";
import type { PlanOptions } from "../planning/plan-lines.ts";
import { planRequest } from "../planning/plan-request.ts";
import type { NamedTargets, RequestPlan } from "../planning/request-plan.ts";
import { maximumPurges } from "../rules/limits.ts";
import type { Services } from "../services.ts";
import { checkSubmission, planningContext, type SubmissionCheck } from "./check-submission.ts";
import { sendLane } from "./lanes.ts";
import { linesAskingFor, linesOfRepeated, planWithout, type RepeatedLines } from "./plan-without.ts";
import { type Invocation, sendBatch } from "./send-batch.ts";

export type Submission = {
  readonly urls: readonly string[];
  readonly images?: readonly string[];
  /** Folders that may be cleared whole. */
  readonly cover?: readonly string[];
  readonly reason?: string | undefined;
  /** When the content changed; if absent, now. */
  readonly changedAt?: EpochMs | undefined;
  readonly sendAfter?: EpochMs | undefined;
  readonly settleMs?: number | undefined;
  readonly onInvalid: "reject" | "skip";
  /** Whether lines that are probably a mistake are sent; if absent, they are rejected. */
  readonly onMistake?: PlanOptions["onMistake"];
  readonly onExhausted: "reject" | "hold";
  /** Whether what the edge serves is checked; if absent, as the settings say. */
  readonly check?: boolean | undefined;
  readonly idempotency?: Reservation["idempotency"];
};

export type SubmitReply =
  | { readonly outcome: "accepted" | "replayed"; readonly batch: Batch }
  | Exclude<SubmissionCheck, { outcome: "acceptable" }>
  | { readonly outcome: "too-many-targets"; readonly count: number; readonly limit: number }
  /** `sendAfter` is in the past. */
  | { readonly outcome: "send-time-passed"; readonly now: EpochMs }
  | { readonly outcome: "exhausted"; readonly units: number; readonly budget: Budget }
  | { readonly outcome: "key-reused" };

/** A batch is reserved at most this often: each time without the lines that were found to repeat. */
const tries = 3;

/**
 * Checks, charges and sends what a caller submits.
 *
 *   [prepare ──►] plan ──► reserve (one script: key, joins, budget, records, first wave leased) ──► send ──► advance ──► answer
 *                           │    ▲                                                             └── after 5 s: answer, then continue
 *                           └────┘ without the lines that the caller repeats too often, if bad lines are skipped
 *
 * Images need the profiles first (`prepare`). What this run does not reach stays due in the ledger, and the sweep sends it.
 */
export async function submitPurges(
  services: Services,
  caller: Caller,
  submission: Submission,
  run: Invocation,
): Promise<SubmitReply> {
  const prepared = await prepare(services, submission);
  if (prepared.outcome !== "new") return prepared;

  const { urls, images = [], cover = [], onInvalid, onMistake } = submission;
  const named: NamedTargets = { urls, images, cover };
  const context = planningContext(services, caller, prepared.profiles);
  const options = { onMistake, repeatLimit: services.config.policy.repeatLimit };
  const repeated = new Map<number, EpochMs>();
  let plan = planRequest(named, context, options);
  for (let left = tries; ; left -= 1) {
    const check = checkSubmission(plan, caller, { onInvalid, cover });
    if (check.outcome !== "acceptable") return check;
    const count = plan.targets.length;
    if (count > maximumPurges) return { outcome: "too-many-targets", count, limit: maximumPurges };
    const askedAtMs = services.clock.monotonicMs();
    const { reply, purges } = await reserve(services, caller, submission, plan);
    if (reply.outcome === "reserved") {
      return { outcome: "accepted", batch: await sendBatch(services, reply, askedAtMs, run) };
    }
    if (reply.outcome !== "repeating") return reply;

    const found = repeatedLines(services, caller, reply.purges, { purges, plan });
    for (const [line, since] of found) repeated.set(line, since);
    plan = planWithout(named, repeated, context, options);
    if (left === 1) return { outcome: "invalid", lines: plan.lines };
  }
}

/**
 * What must be known before planning: the profiles, for images. A submission that is repeated under its key gets its batch,
 * even if the profiles have changed or the send time has passed since.
 */
async function prepare(
  { ledger, clock }: Services,
  { images = [], sendAfter, idempotency }: Submission,
): Promise<{ readonly outcome: "new"; readonly profiles: readonly StoredProfile[] } | SubmitReply> {
  const now = clock.now();
  const isLate = sendAfter !== undefined && sendAfter < now;
  const isAsked = images.length > 0 || (isLate && idempotency !== undefined);
  const known = isAsked ? await ledger.prepare({ idempotency }) : ({ outcome: "new", profiles: [] } as const);
  return known.outcome === "new" && isLate ? { outcome: "send-time-passed", now } : known;
}

/** The lines that need the purges which the ledger refused. Logs them too. */
function repeatedLines(
  { log }: Services,
  { name: actor }: Caller,
  refused: Extract<ReserveReply, { outcome: "repeating" }>["purges"],
  asked: { readonly purges: Reservation["purges"]; readonly plan: RequestPlan },
): RepeatedLines {
  const sinceOf = new Map(refused.map(({ id, since }) => [id, since]));
  const repeated = asked.purges.flatMap((purge) => {
    const since = sinceOf.get(purge.id);
    if (since === undefined) return [];
    return [{ lines: linesAskingFor(purge, asked.plan), since, maskedUrl: purge.maskedUrl }];
  });
  const [first] = repeated;
  log("repeating", {
    actor,
    urls: repeated.slice(0, 5).map(({ maskedUrl }) => maskedUrl),
    count: repeated.length,
    since: first && toIsoTime(first.since),
  });
  return linesOfRepeated(repeated);
}

async function reserve(
  { ledger, makeId, log, config }: Services,
  caller: Caller,
  submission: Submission,
  plan: RequestPlan,
): Promise<{ readonly reply: ReserveReply; readonly purges: Reservation["purges"] }> {
  const batchId = makeId("b");
  const { reason, changedAt, sendAfter, settleMs, onExhausted, idempotency, check } = submission;
  const edgeCheck = check === undefined ? config.edgeCheck : check ? "on" : "off";
  const { lines, purges } = nameTargets(plan, () => makeId("p"), edgeCheck);
  const reply = await ledger.reserve({
    batchId,
    actor: caller.name,
    reason,
    changedAt,
    sendAfter,
    settleMs,
    onExhausted,
    idempotency,
    lines,
    purges,
    lease: { token: makeId("l"), limit: sendLane.wave },
  });
  if (reply.outcome === "reserved") {
    const { units, purges: ofBatch } = reply.batch;
    const purgeIds = ofBatch.map(({ id }) => id);
    const sendAt = sendAfter === undefined ? undefined : toIsoTime(sendAfter);
    log("batch-reserved", { batchId, actor: caller.name, units, sendAt, purgeIds });
  }
  return { reply, purges };
}
