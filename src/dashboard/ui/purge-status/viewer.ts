import type { LedgerHealth } from "../../../ledger/contract.ts";
import type { LedgerPolicy } from "../../../ledger/policy.ts";
import type { Purge } from "../../../purge.ts";
import { isTerminal } from "../../../purge.ts";
import type { Caller } from "../../../submit-purges.ts";
import type { EpochMs } from "../../../time.ts";
import type { Result } from "./purge-actions.ts";

/** What surrounds a purge that somebody looks at. */
export type Watched = {
  readonly basePath: string;
  readonly caller: Caller;
  readonly health: LedgerHealth;
  readonly policy: LedgerPolicy;
  /** Where to come back to after an act. */
  readonly here: string;
  /** What was just done, as the address says; the purge has to agree. */
  readonly done?: Result | undefined;
};

export function watchedLink({ basePath }: Watched, path: `/${string}`): string {
  return basePath + path;
}

const soonMs = 60_000;

/** How often the page is to look again: often while something is about to happen, not at all when all has ended. */
export function refreshSeconds(purges: readonly Purge[], now: EpochMs): number | undefined {
  const open = purges.filter(({ state }) => !isTerminal(state));
  if (open.length === 0) return undefined;
  const isSoon = open.some(
    ({ state, nextCheckAt }) => state !== "held" && nextCheckAt !== undefined && nextCheckAt - now < soonMs,
  );
  return isSoon ? 5 : 30;
}
