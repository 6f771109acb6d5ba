import type { Purge } from "./purge.ts";
import type { EpochMs } from "./time.ts";
import type { Violation, Warning } from "./verdict.ts";

/** What is left of the month. `available` is quota - margin - spent - external - reserved; may be negative. */
export type Budget = {
  /** `YYYY-MM`, the month in which the current period began. */
  readonly month: string;
  readonly quota: number;
  /** Units that are never spent (PURGE_SAFETY_MARGIN). */
  readonly margin: number;
  readonly spent: number;
  readonly reserved: number;
  readonly external: number;
  readonly available: number;
  /** Purges that wait for budget. */
  readonly held: number;
  readonly resetsAt: EpochMs;
};

/** A line of a batch, as stored. `input` is kept (masked) where no purge has the URL. */
export type BatchLine =
  | {
      readonly line: number;
      readonly verdict: "accepted" | "joined";
      readonly purgeId: string;
      readonly warnings: readonly Warning[];
      /** This batch no longer waits for the purge: it was cancelled here. */
      readonly cancelled?: true | undefined;
    }
  | {
      readonly line: number;
      readonly verdict: "duplicate";
      readonly of: number;
      readonly purgeId: string;
      readonly cancelled?: true | undefined;
    }
  | {
      readonly line: number;
      readonly verdict: "covered";
      readonly by: number;
      readonly purgeId: string;
      /** Absent on lines stored before it was kept. */
      readonly input?: string | undefined;
      readonly cancelled?: true | undefined;
    }
  /** Served by a wildcard of a folder that the caller allowed to be cleared whole. */
  | {
      readonly line: number;
      readonly verdict: "covered";
      readonly cover: string;
      readonly purgeId: string;
      readonly input?: string | undefined;
      readonly cancelled?: true | undefined;
    }
  /** An image: cleared once all of its purges completed. */
  | {
      readonly line: number;
      readonly verdict: "image";
      /** The path after the URL endpoint. */
      readonly image: string;
      readonly profile?: string | undefined;
      readonly purgeIds: readonly string[];
      readonly warnings: readonly Warning[];
      /** The earlier line that names the same image: this one is its duplicate. */
      readonly of?: number | undefined;
      /** Those of its purges that were cancelled here. */
      readonly cancelledIds?: readonly string[] | undefined;
    }
  | {
      readonly line: number;
      readonly verdict: "rejected";
      readonly input: string;
      readonly violations: readonly Violation[];
    };

export type Batch = {
  readonly id: string;
  readonly createdAt: EpochMs;
  readonly actor: string;
  readonly reason?: string | undefined;
  /** No purge that this batch waits for is still open. */
  readonly done: boolean;
  /** What this batch itself cost when it was accepted; joined lines cost nothing. */
  readonly units: number;
  readonly lines: readonly BatchLine[];
  /** Every purge that serves a line, in the order of the lines. */
  readonly purges: readonly Purge[];
  readonly budget: Budget;
};

/** Whether nothing more will be learned about it: all its purges have ended, and none waits for an edge check. */
export function isChecked({ done, purges }: Batch): boolean {
  return done && purges.every(({ edge }) => edge?.outcome !== "waiting");
}
