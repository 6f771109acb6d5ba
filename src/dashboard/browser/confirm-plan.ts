import type { planView, purgeView } from "../../http/views.ts";
import { maximumLines } from "../../rules/limits.ts";
import { askApi } from "./ask-api.ts";
import type { OtherPurge, PlannedLine } from "./line-words.ts";

type PlanAnswer = ReturnType<typeof planView>;

export type Confirmation =
  | {
      readonly kind: "confirmed";
      readonly lines: readonly PlannedLine[];
      /** Units of the month before this request. */
      readonly available: number;
      /** The purge that a line joins, or could join if its image had changed before that purge was sent. */
      readonly others: ReadonlyMap<number, OtherPurge>;
      /** It matters when the image changed: some line could join a purge and does not. */
      readonly isShareable: boolean;
    }
  | { readonly kind: "unconfirmed"; readonly why: string };

type ConfirmOptions = {
  readonly basePath: string;
  readonly changedAt: string | undefined;
  readonly signal: AbortSignal;
  /** Purges that were read before, by id. */
  readonly known: Map<string, OtherPurge>;
};

/** A completed purge can be shared for a day, and no purge is open for longer. */
const shareableMs = 86_400_000;
/** The first of them are read for when they were sent; the others are only linked. */
const readAtMost = 3;
/** Of more lines only the rules are asked. */
const batchesAtMost = 10;

/**
 * What the server says of these lines. It is asked first as if nothing had changed for a day: where no line joins a
 * purge even then, that is the answer; otherwise it is asked once more with the true time.
 */
export async function confirmPlan(urls: readonly string[], options: ConfirmOptions): Promise<Confirmation> {
  if (urls.length > batchesAtMost * maximumLines) {
    return { kind: "unconfirmed", why: "So many lines are only checked when they are submitted." };
  }
  const lines: PlannedLine[] = [];
  const others = new Map<number, OtherPurge>();
  let available = 0;
  let reads = 0;
  for (const [index, batch] of inBatches(urls).entries()) {
    const offset = index * maximumLines;
    const early = new Date(Date.now() - shareableMs).toISOString();
    const widest = await ask(batch, early, options);
    if (typeof widest === "string") return { kind: "unconfirmed", why: widest };
    const joined = widest.lines.flatMap((line) => (line.verdict === "joined" ? [line] : []));
    const plan = joined.length === 0 ? widest : await ask(batch, options.changedAt, options);
    if (typeof plan === "string") return { kind: "unconfirmed", why: plan };
    for (const { line, purgeId } of joined) {
      const before = options.known.get(purgeId);
      const isRead = before === undefined && reads < readAtMost;
      if (isRead) reads += 1;
      others.set(line + offset, before ?? (isRead ? await read(purgeId, options) : { id: purgeId }));
    }
    for (const line of plan.lines) lines.push({ ...line, line: line.line + offset });
    available = plan.budget.available;
  }
  const isShareable = lines.some(({ line, verdict }) => verdict === "accepted" && others.has(line));
  return { kind: "confirmed", lines, available, others, isShareable };
}

export function inBatches(urls: readonly string[]): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < urls.length; from += maximumLines) {
    batches.push(urls.slice(from, from + maximumLines));
  }
  return batches;
}

async function ask(
  urls: readonly string[],
  changedAt: string | undefined,
  { basePath, signal }: ConfirmOptions,
): Promise<PlanAnswer | string> {
  const json = { urls, ...(changedAt !== undefined && { changedAt }) };
  const reply = await askApi<PlanAnswer>("/plan", { basePath, signal, json });
  return reply.kind === "answered" ? reply.body : reply.why;
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function whenWords(at: Date): string {
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? `at ${time.format(at)}` : `on ${moment.format(at)}`;
}

/** When it was sent; a purge that cannot be read is only linked. */
async function read(id: string, { basePath, signal, known }: ConfirmOptions): Promise<OtherPurge> {
  const reply = await askApi<ReturnType<typeof purgeView>>(`/purges/${id}`, { basePath, signal });
  if (reply.kind !== "answered") return { id };
  const { state, sentAt } = reply.body;
  const other = { id, state, sentWhen: sentAt === null ? undefined : whenWords(new Date(sentAt)) };
  known.set(id, other);
  return other;
}
