import type { EdgeReading } from "../../src/domain/edge-check.ts";
import type { CheckLease, CheckResult, Lease } from "../../src/ledger/leases.ts";
import { second } from "./test-ledger.ts";

export function checkLease(lease: Lease | undefined): CheckLease {
  if (lease?.lane !== "check") throw new Error("not the lease of an edge check");
  return lease;
}

/** What the edge answered at a time about a copy of this content. */
export const reading = (at: number, fingerprint: string): EdgeReading => ({
  at,
  status: 200,
  fingerprint,
  ageSeconds: 10,
  madeAt: at - 10 * second,
  cache: "hit",
  location: "TEST-1",
});

/** What a reading after Completed showed. */
export function seen(outcome: CheckResult["outcome"], at: number, cause?: string): CheckResult {
  return { outcome, after: reading(at, outcome === "fresh" ? "new" : "old"), cause };
}
