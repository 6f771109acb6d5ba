import type { Caller } from "../../../domain/caller.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import type { LedgerPolicy } from "../../../ledger/policy.ts";
import { can } from "../context.ts";
import type { Circumstances } from "./next-step.ts";
import type { ActionResult } from "./purge-actions.ts";

/** What the sentences about a purge depend on, for this viewer. */
export function circumstancesFor({ caller, health, policy, isPauseSaid }: Viewer): Circumstances {
  const reader = can(caller, "admin") ? "admin" : "other";
  return { ...health, resendUnknown: policy.resendUnknown, reader, isPauseSaid };
}

/** Who looks at a purge, from which page, and what else that page knows. */
export type Viewer = {
  readonly basePath: string;
  readonly caller: Caller;
  readonly health: LedgerHealth;
  readonly policy: LedgerPolicy;
  /** The page says above why nothing is sent at the moment. */
  readonly isPauseSaid?: true | undefined;
  /** Where to return to after an action. */
  readonly here: string;
  /** What was just done, according to the address. It is shown only if the purge confirms it. */
  readonly done?: ActionResult | undefined;
};
