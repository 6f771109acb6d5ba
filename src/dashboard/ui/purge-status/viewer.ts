import type { Caller } from "../../../domain/caller.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import type { LedgerPolicy } from "../../../ledger/policy.ts";
import type { ActionResult } from "./purge-actions.ts";

/** Who looks at a purge, from which page, and what else that page knows. */
export type Viewer = {
  readonly basePath: string;
  readonly caller: Caller;
  readonly health: LedgerHealth;
  readonly policy: LedgerPolicy;
  /** Where to return to after an action. */
  readonly here: string;
  /** What was just done, according to the address. It is shown only if the purge confirms it. */
  readonly done?: ActionResult | undefined;
};
