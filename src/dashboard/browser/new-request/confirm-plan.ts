import type { budgetView, planView, purgeView } from "../../../http/answers/views.ts";
import { maximumLines } from "../../../rules/limits.ts";
import type { BudgetNow } from "../../shared/count-lines.ts";
import type { OtherPurge } from "../../shared/line-description.ts";
import type { PlannedLine } from "../../shared/planned-line.ts";
import { clockOf, dayIn, momentOf } from "../local-times.ts";

type PlanAnswer = ReturnType<typeof planView>;

export type Confirmation =
  | {
      readonly kind: "confirmed";
      readonly lines: readonly PlannedLine[];
      /** Before this request. */
      readonly budget: BudgetNow;
      /** The purge that a line joins, or could join if its image had changed before that purge was sent. */
      readonly others: ReadonlyMap<number, OtherPurge>;
      /** Whether some line could join a purge if its image had changed earlier. */
      readonly isShareable: boolean;
    }
  /** More lines than fit in a batch: joins are found only when they are submitted. */
  | { readonly kind: "several"; readonly budget: BudgetNow }
  | NotAnswered;

type ConfirmOptions = {
  readonly basePath: string;
  readonly changedAt: string | undefined;
  readonly signal: AbortSignal;
  /** The quota's, for the day on which the budget is renewed. */
  readonly timeZone: string;
  /** Completed purges that were read before, by id. They do not change any more. */
  readonly known: Map<string, OtherPurge>;
};

/** A completed purge can be shared for a day, and no purge stays open longer. */
const shareableMs = 86_400_000;
/** Only the first few are read, for when they were sent. The rest are only linked. */
const readAtMost = 3;

/**
 * Asks the server to plan these lines, first as if nothing had changed for a day. If no line joins a purge even then,
 * that plan is right for any time of change; otherwise it asks again with the real time.
 */
export async function confirmPlan(urls: readonly string[], options: ConfirmOptions): Promise<Confirmation> {
  if (urls.length > maximumLines) {
    const budget = await callApi<ReturnType<typeof budgetView>>("/budget", options);
    return budget.kind === "answered"
      ? { kind: "several", budget: budgetNow(budget.body, options.timeZone) }
      : budget;
  }
  const early = new Date(Date.now() - shareableMs).toISOString();
  const widest = await ask(urls, early, options);
  if (widest.kind !== "answered") return widest;
  const joined = widest.body.lines.flatMap((line) => (line.verdict === "joined" ? [line] : []));
  const plan = joined.length === 0 ? widest : await ask(urls, options.changedAt, options);
  if (plan.kind !== "answered") return plan;
  const others = new Map<number, OtherPurge>();
  let reads = 0;
  for (const { line, purgeId } of joined) {
    const before = options.known.get(purgeId);
    const isRead = before === undefined && reads < readAtMost;
    if (isRead) reads += 1;
    others.set(line, before ?? (isRead ? await read(purgeId, options) : { id: purgeId }));
  }
  const { lines, budget } = plan.body;
  const isShareable = lines.some(({ line, verdict }) => verdict === "accepted" && others.has(line));
  return { kind: "confirmed", lines, budget: budgetNow(budget, options.timeZone), others, isShareable };
}

function budgetNow(budget: ReturnType<typeof budgetView>, timeZone: string): BudgetNow {
  const { available, held, quota, resetsAt } = budget;
  return { available, held, quota, resetsOn: dayIn(timeZone, new Date(resetsAt)) };
}

function ask(
  urls: readonly string[],
  changedAt: string | undefined,
  { basePath, signal }: ConfirmOptions,
): Promise<ApiReply<PlanAnswer>> {
  // JSON omits undefined values. Lines that are probably a mistake are asked about only once they are to be sent.
  return callApi("/plan", { basePath, signal, json: { urls, changedAt, onMistake: "send" } });
}

function whenWords(at: Date): string {
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? `at ${clockOf(at)}` : `on ${momentOf(at)}`;
}

/** Reads when a purge was sent. A purge that cannot be read is only linked. */
async function read(id: string, { basePath, signal, known }: ConfirmOptions): Promise<OtherPurge> {
  const reply = await callApi<ReturnType<typeof purgeView>>(`/purges/${id}`, { basePath, signal });
  if (reply.kind !== "answered") return { id };
  const { state, sentAt } = reply.body;
  const other = { id, state, sentWhen: sentAt === null ? undefined : whenWords(new Date(sentAt)) };
  if (state === "completed") known.set(id, other);
  return other;
}

/** The API's answer, or a sentence that says why there is none. */
export type ApiReply<T> = { readonly kind: "answered"; readonly body: T } | NotAnswered;

export type NotAnswered = {
  readonly kind: "not-answered";
  readonly why: string;
  readonly isSignedOut: boolean;
};

type Asking = {
  readonly basePath: string;
  readonly json?: unknown;
  readonly signal: AbortSignal;
};

/** Calls the API with the reader's session. Throws only when `signal` aborts. */
export async function callApi<T>(path: string, { basePath, json, signal }: Asking): Promise<ApiReply<T>> {
  try {
    const answer = await fetch(`${basePath}/api${path}`, {
      signal,
      ...(json !== undefined && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(json),
      }),
    });
    const body = await answer.json();
    if (answer.ok) return { kind: "answered", body };
    const isSignedOut = answer.status === 401;
    return { kind: "not-answered", why: isSignedOut ? "Your session has ended." : body.detail, isSignedOut };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: "not-answered", why: "The server cannot be reached.", isSignedOut: false };
  }
}
