import type { Arrival, Count, Endpoint } from "./arrivals.ts";
import type { CdnArrival } from "./cdn/cdn-arrivals.ts";
import type { CdnFault, CdnFaultRequest } from "./cdn/cdn-faults.ts";
import type { Edge } from "./cdn/edge.ts";
import type { StagedEnd } from "./cdn/stage.ts";
import type { Fault, FaultRequest } from "./faults.ts";
import type { Settings, SettingsChange } from "./settings.ts";

/** What tests turn; the control API offers the same over HTTP. */
export type Control = {
  readonly settings: () => Settings;
  /** Changes the named settings only. Throws a ZodError when one makes no sense. */
  readonly change: (settings: SettingsChange) => void;
  readonly addFaults: (...faults: readonly FaultRequest[]) => void;
  readonly faults: () => readonly Fault[];
  readonly clearFaults: () => void;
  readonly arrivals: () => readonly Arrival[];
  readonly totals: (endpoint: Endpoint) => Count;
  /** Purges that arrived for each URL; "" for those whose URL was never read. */
  readonly byUrl: () => ReadonlyMap<string, Count>;
  /** Units the account has spent. */
  readonly spent: () => number;
  /** Completes what is pending, of this URL only when there is one, and says how many that were. */
  readonly complete: (url?: string) => number;
  readonly cdn: CdnControl;
  /** As if just started: no arrivals, purges, faults, uploads or spending, and the settings it began with. */
  readonly reset: () => void;
};

/** The CDN that serves the account's images, and its images. A URL is one of `https://…`. */
export type CdnControl = Pick<Edge, "replace" | "remove" | "warm" | "cool" | "look" | "versionOf"> & {
  /** Prepares it so that the next purge of this URL ends so. */
  readonly stage: (url: string, end: StagedEnd) => void;
  /** Throws a ZodError when one makes no sense; then none is added. */
  readonly addFaults: (...faults: readonly CdnFaultRequest[]) => void;
  readonly faults: () => readonly CdnFault[];
  readonly clearFaults: () => void;
  /** Every request to the CDN since the start or the latest reset. */
  readonly arrivals: () => readonly CdnArrival[];
};
