import type { Arrival, Count, Endpoint } from "./arrivals.ts";
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
  /** As if just started: no arrivals, purges, faults or spending, and the settings it began with. */
  readonly reset: () => void;
};
