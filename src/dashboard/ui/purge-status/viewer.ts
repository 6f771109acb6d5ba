import type { LedgerHealth } from "../../../ledger/contract.ts";
import type { LedgerPolicy } from "../../../ledger/policy.ts";
import type { Caller } from "../../../submit-purges.ts";
import type { ActionResult } from "./purge-actions.ts";

/** What surrounds a purge that somebody looks at. */
export type Viewer = {
  readonly basePath: string;
  readonly caller: Caller;
  readonly health: LedgerHealth;
  readonly policy: LedgerPolicy;
  /** Where to come back to after an action. */
  readonly here: string;
  /** What was just done, as the address says; the purge has to agree. */
  readonly done?: ActionResult | undefined;
};
