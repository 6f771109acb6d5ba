import type { Arrival } from "../../src/local/imagekit/arrivals.ts";
import type { PurgeRecord } from "./records.ts";

/** What arrived at ImageKit, compared with what the ledger says. */
export type Evidence = {
  readonly arrivals: number;
  /** POSTs that ImageKit accepted. */
  readonly taken: number;
  readonly charged: number;
  /** Units charged beyond what ImageKit accepted. */
  readonly overCharged: number;
  /** Second and later purges of one URL that ImageKit accepted, by their cause. */
  readonly doubles: {
    readonly askedAgain: number;
    readonly resent: number;
    readonly unexplained: number;
  };
  readonly findings: readonly string[];
};

/** G2 and G4 for each URL: `charged >= accepted or possibly accepted`, `attempts >= arrivals`, no unrecorded second send. */
export function weigh(arrivals: readonly Arrival[], records: readonly PurgeRecord[]): Evidence {
  const sends = arrivals.filter(({ endpoint }) => endpoint === "send");
  const arrived = groupBy(sends, ({ url = "" }) => url);
  const recorded = groupBy(records, ({ url }) => url);
  const findings: string[] = [];
  const doubles = { askedAgain: 0, resent: 0, unexplained: 0 };
  for (const [url, here] of arrived) {
    if (url === "") continue;
    const purges = recorded.get(url) ?? [];
    const units = sum(purges, (purge) => purge.units);
    const attempts = sum(purges, (purge) => purge.attempts);
    const costly = here.filter(mayHaveCost).length;
    if (costly > units) findings.push(`G2: ${url}: ImageKit may have accepted ${costly}, charged ${units}`);
    if (here.length > attempts)
      findings.push(`G2: ${url}: ${here.length} arrived, ${attempts} attempts on record`);

    const extra = Math.max(0, here.filter(({ outcome }) => outcome === "accepted").length - 1);
    const askedAgain = Math.min(extra, purges.length - 1);
    const resent = Math.min(extra - askedAgain, purges.filter(isResent).length);
    doubles.askedAgain += askedAgain;
    doubles.resent += resent;
    doubles.unexplained += extra - askedAgain - resent;
    if (extra > askedAgain + resent)
      findings.push(`G4: ${url}: accepted ${extra + 1} times without a record of why`);
  }
  for (const purge of records) {
    const resends = purge.timeline.filter(({ note }) => note.includes("for a second unit"));
    if (sum(resends, ({ times = 1 }) => times) > 1) {
      findings.push(`G4: ${purge.id} was resent more than once`);
    }
    findings.push(...unfounded(purge, arrivals));
  }
  const attempts = sum(records, (purge) => purge.attempts);
  if (sends.length > attempts) findings.push(`G2: ${sends.length} arrived, ${attempts} attempts on record`);
  const taken = sends.filter(({ outcome }) => outcome === "accepted").length;
  const charged = sum(records, ({ units, state }) => (state === "queued" ? units - 1 : units));
  return { arrivals: sends.length, taken, charged, overCharged: charged - taken, doubles, findings };
}

/** Accepted, or not proven to be refused by its answer. */
function mayHaveCost({ outcome, reply }: Arrival): boolean {
  if (outcome === "accepted" || typeof reply !== "number") return true;
  return reply < 300 || reply >= 500;
}

function isResent({ timeline }: PurgeRecord): boolean {
  return timeline.some(({ note }) => note.includes("for a second unit"));
}

/** G5: every purge that the ledger calls accepted or completed, ImageKit accepted or completed. */
function unfounded(purge: PurgeRecord, arrivals: readonly Arrival[]): readonly string[] {
  const { id, state, url, imagekitRequestId } = purge;
  if (state !== "pending" && state !== "overdue" && state !== "completed") return [];
  const about = arrivals.filter((arrival) => arrival.imagekitRequestId === imagekitRequestId);
  const isTaken = about.some((arrival) => arrival.outcome === "accepted" && arrival.url === url);
  if (!isTaken) return [`G5: ${id} is ${state}, but ImageKit never took it`];
  const isAsked = about.some((arrival) => arrival.endpoint === "poll" && arrival.outcome === "answered");
  return state === "completed" && !isAsked ? [`G5: ${id} is completed, but ImageKit never said so`] : [];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
