import type { EpochMs } from "../../../domain/time.ts";

/** A request that arrived at the CDN. These are kept apart from those to ImageKit's API. */
export type CdnArrival = {
  /** Counts from 1 since the start or the latest reset. */
  readonly number: number;
  readonly at: EpochMs;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whether a copy was served that was in the cache; absent if none was served. */
  readonly cache?: "hit" | "miss" | undefined;
  /** The status that was answered. `lost`: the caller got none, or not all of it. */
  readonly reply: number | "open" | "lost";
  /** The kind of the fault that struck. */
  readonly fault?: string | undefined;
};

export type OpenCdnArrival = {
  readonly note: (learnt: Partial<Pick<CdnArrival, "cache" | "reply" | "fault">>) => void;
};

export type CdnArrivals = {
  readonly begin: (request: Pick<CdnArrival, "at" | "method" | "url" | "headers">) => OpenCdnArrival;
  readonly all: () => readonly CdnArrival[];
  readonly clear: () => void;
};

export function cdnArrivalLog(): CdnArrivals {
  let log: CdnArrival[] = [];
  return {
    begin(request) {
      const arrival: CdnArrival = { number: log.length + 1, ...request, reply: "open" };
      log.push(arrival);
      return { note: (learnt) => void Object.assign(arrival, learnt) };
    },
    all: () => log,
    clear() {
      log = [];
    },
  };
}
