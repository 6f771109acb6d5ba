import type { Violation } from "../../../domain/verdict.ts";
import type { budgetView, planView, purgeView } from "../../../http/answers/views.ts";
import type { CoverOffer } from "../../../planning/request-plan.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import type { BudgetNow } from "../../shared/count-lines.ts";
import type { OtherPurge } from "../../shared/line-description.ts";
import { callApi, type NotAnswered } from "../call-api.ts";
import { clockOf, dayIn, momentOf } from "../local-times.ts";
import type { Asked, Known } from "./judge-lines.ts";

type PlanAnswer = ReturnType<typeof planView>;

export type Confirmation =
  | {
      readonly kind: "confirmed";
      readonly known: Known;
      /** The profiles have changed since this page knew them, so the lines must be judged anew. */
      readonly isOutdated: boolean;
      /** The folders that would save units. */
      readonly offers: readonly CoverOffer[];
      /** Before this request. */
      readonly budget: BudgetNow;
      /** The purge that a line joins, or could join if its image had changed before that purge was sent. */
      readonly others: ReadonlyMap<number, OtherPurge>;
      /** Whether some line could join a purge if its image had changed earlier. */
      readonly isShareable: boolean;
    }
  | NotAnswered;

type ConfirmOptions = {
  readonly basePath: string;
  readonly cover: readonly string[];
  readonly changedAt: string | undefined;
  /** When it is to be sent; undefined: at once, or after a pause. */
  readonly sendAfter: string | undefined;
  readonly signal: AbortSignal;
  /** The quota's, for the day on which the budget is renewed. */
  readonly timeZone: string;
  /** Completed purges that were read before, by id. They do not change any more. */
  readonly read: Map<string, OtherPurge>;
};

/** A completed purge can be shared for a day, and no purge stays open longer. */
const shareableMs = 86_400_000;
/** Only the first few are read, for when they were sent. The rest are only linked. */
const readAtMost = 3;

/**
 * Asks the server to plan these lines, first as if nothing had changed for a day. If no line joins a purge even then,
 * that plan is right for any time of change; otherwise it asks again with the real time. What is scheduled joins only
 * what is scheduled for the same time, whenever the image changed.
 */
export async function confirmPlan(asked: readonly Asked[], options: ConfirmOptions): Promise<Confirmation> {
  const isScheduled = options.sendAfter !== undefined;
  const early = isScheduled ? undefined : new Date(Date.now() - shareableMs).toISOString();
  const widest = await ask(asked, early, options);
  if (widest.kind !== "answered") return widest;
  const shared = knownFrom(widest.body, asked);
  const isFinal = isScheduled || shared.joins.size === 0;
  const plan = isFinal ? widest : await ask(asked, options.changedAt, options);
  if (plan.kind !== "answered") return plan;
  const known = knownFrom(plan.body, asked);
  return {
    kind: "confirmed",
    known,
    isOutdated: known.isOutdated,
    offers: plan.body.covers,
    budget: budgetNow(plan.body.budget, options.timeZone),
    others: await readOthers(shared.joinedLines, options),
    isShareable: shared.joins.size > known.joins.size,
  };
}

function budgetNow(budget: ReturnType<typeof budgetView>, timeZone: string): BudgetNow {
  const { available, held, quota, resetsAt } = budget;
  return { available, held, quota, resetsOn: dayIn(timeZone, new Date(resetsAt)) };
}

function ask(
  asked: readonly Asked[],
  changedAt: string | undefined,
  { basePath, signal, cover, sendAfter }: ConfirmOptions,
) {
  const inputs = (wanted: Asked["kind"]) =>
    asked.flatMap(({ kind, verdict }) => (kind === wanted ? [verdict.input] : []));
  const [urls, images] = [inputs("url"), inputs("image")];
  // JSON omits undefined values. Lines that are probably a mistake are asked about only once they are to be sent.
  const json = { urls, images, cover, changedAt, sendAfter, onMistake: "send" };
  return callApi<PlanAnswer>("/plan", { basePath, signal, json });
}

type Found = Known & {
  /** The purge that each line joins, by the line as typed. */
  readonly joinedLines: ReadonlyMap<number, string>;
  readonly isOutdated: boolean;
};

/** What a plan of the server says of the lines, which stand in it as they were asked. */
function knownFrom({ lines, cover }: PlanAnswer, asked: readonly Asked[]): Found {
  const joins = new Map<string, string>();
  const joinedLines = new Map<number, string>();
  const refused = new Map<string, readonly Violation[]>();
  let isOutdated = false;
  lines.forEach((line, index) => {
    const of = asked[index];
    if (of === undefined) return;
    const { place, verdict } = of;
    if (line.verdict === "rejected") refused.set(verdict.input, line.violations);
    if (line.verdict === "joined" && verdict.verdict === "accepted") {
      joins.set(verdict.url, line.purgeId);
      joinedLines.set(place, line.purgeId);
    }
    if (line.verdict !== "image" || verdict.verdict !== "image") return;
    const urls = verdict.targets.map(({ url }) => maskSignature(url));
    isOutdated ||= line.profile !== (verdict.profile ?? null);
    isOutdated ||= line.targets.map(({ url }) => url).join(" ") !== urls.join(" ");
    line.targets.forEach((target, nth) => {
      const url = verdict.targets[nth]?.url;
      if (!("purgeId" in target) || typeof target.purgeId !== "string" || url === undefined) return;
      joins.set(url, target.purgeId);
      if (!joinedLines.has(place)) joinedLines.set(place, target.purgeId);
    });
  });
  for (const target of cover.flatMap(({ targets }) => targets)) {
    if (target.verdict === "joined") joins.set(target.url, target.purgeId);
  }
  return { joins, joinedLines, refused, isOutdated };
}

async function readOthers(
  joinedLines: ReadonlyMap<number, string>,
  options: ConfirmOptions,
): Promise<ReadonlyMap<number, OtherPurge>> {
  const others = new Map<number, OtherPurge>();
  let reads = 0;
  for (const [place, purgeId] of joinedLines) {
    const before = options.read.get(purgeId);
    const isRead = before === undefined && reads < readAtMost;
    if (isRead) reads += 1;
    others.set(place, before ?? (isRead ? await readOther(purgeId, options) : { id: purgeId }));
  }
  return others;
}

function whenWords(at: Date): string {
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? `at ${clockOf(at)}` : `on ${momentOf(at)}`;
}

/** Reads when a purge was sent. A purge that cannot be read is only linked. */
async function readOther(id: string, { basePath, signal, read }: ConfirmOptions): Promise<OtherPurge> {
  const reply = await callApi<ReturnType<typeof purgeView>>(`/purges/${id}`, { basePath, signal });
  if (reply.kind !== "answered") return { id };
  const { state, sentAt } = reply.body;
  const other = { id, state, sentWhen: sentAt === null ? undefined : whenWords(new Date(sentAt)) };
  if (state === "completed") read.set(id, other);
  return other;
}
