import type { EpochMs } from "../../domain/time.ts";

/** `send`: a purge. `poll`: a question for its status. `other`: a path ImageKit does not have. */
export type Endpoint = "send" | "poll" | "other";

/** What a request led to here, whether or not the caller got to know. */
export type ArrivalOutcome =
  /** Its body is still being read. */
  | "arriving"
  /** A purge that was taken: ImageKit would have spent a unit. */
  | "accepted"
  /** A poll that was answered with a status. */
  | "answered"
  | "refused"
  | "unauthorized"
  /** Beyond the quota. */
  | "blocked"
  | "throttled"
  /** Another error answer or a redirect; nothing was processed. */
  | "failed"
  /** No answer, and nothing was processed. */
  | "lost-before";

export type Arrival = {
  /** Counts from 1 since the start or the latest reset. */
  readonly number: number;
  readonly at: EpochMs;
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly path: string;
  /** What was to be purged; absent when the body was never read, or names none. */
  readonly url?: string | undefined;
  readonly imagekitRequestId?: string | undefined;
  readonly outcome: ArrivalOutcome;
  /** The status that was answered. `lost`: the caller got none, or not all of it. */
  readonly reply: number | "open" | "lost";
  /** The kind of the fault that struck. */
  readonly fault?: string | undefined;
};

/** How often each outcome happened; outcomes that did not are absent. */
export type Count = { total: number } & Partial<Record<ArrivalOutcome, number>>;

/** An arrival that is still being handled: `note` adds what was learnt since. */
export type OpenArrival = {
  readonly note: (
    learnt: Partial<Pick<Arrival, "url" | "imagekitRequestId" | "outcome" | "reply" | "fault">>,
  ) => void;
};

export type Arrivals = {
  readonly begin: (request: Pick<Arrival, "at" | "endpoint" | "method" | "path">) => OpenArrival;
  readonly all: () => readonly Arrival[];
  readonly totals: (endpoint: Endpoint) => Count;
  /** Purges for each URL they asked for; "" for those whose URL was never read. */
  readonly byUrl: () => ReadonlyMap<string, Count>;
  readonly clear: () => void;
};

/** Every request, from the moment its head is there. Adding one costs the same however many there are. */
export function arrivalLog(): Arrivals {
  let log: Arrival[] = [];
  return {
    begin(request) {
      const arrival: Arrival = { number: log.length + 1, ...request, outcome: "arriving", reply: "open" };
      log.push(arrival);
      return { note: (learnt) => void Object.assign(arrival, learnt) };
    },
    all: () => log,
    totals: (endpoint) =>
      log.filter((arrival) => arrival.endpoint === endpoint).reduce(counted, { total: 0 }),
    byUrl() {
      const counts = new Map<string, Count>();
      for (const arrival of log) {
        if (arrival.endpoint !== "send") continue;
        const url = arrival.url ?? "";
        counts.set(url, counted(counts.get(url) ?? { total: 0 }, arrival));
      }
      return counts;
    },
    clear() {
      log = [];
    },
  };
}

function counted(count: Count, { outcome }: Arrival): Count {
  count.total += 1;
  count[outcome] = (count[outcome] ?? 0) + 1;
  return count;
}
