import { call, checkedId } from "./call.ts";
import { type PurgeDeskOptions, readOptions } from "./connection.ts";
import type { Batch, Budget, ListQuery, Plan, ProfileList, Purge, PurgePage } from "./generated.ts";
import type { PurgeDeskError } from "./purge-desk-error.ts";
import {
  type PurgeOptions,
  type PurgeRequest,
  requestPlan,
  requestPurges,
  type Submission,
} from "./submit.ts";
import { fetchBatch, type Progress, type WaitOptions, waitForBatches } from "./wait.ts";

export type CallOptions = {
  /** Ends the call with PurgeDeskError `aborted`. What was accepted goes on. */
  readonly signal?: AbortSignal | undefined;
};
export type PlanOptions = CallOptions & {
  /** `allowed`: plans what the token repeats too often too. A submission still refuses it. */
  readonly repeats?: "allowed" | undefined;
};

/**
 * Every method rejects with PurgeDeskError when it fails. It automatically sends again what is safe to send again, for up to
 * `retryForMs`. Costs are in units: one for each purge that ImageKit receives.
 */
export type PurgeDesk = {
  /**
   * What purging this would do and cost. Charges nothing. Takes up to 1,000 lines, `urls` and `images` together. A line that
   * cannot be purged is no failure: its `verdict` is `rejected`, and its `violations` say what would pass.
   */
  readonly plan: (request: PurgeRequest, options?: PlanOptions) => Promise<Plan>;
  /**
   * Submits purges, of up to 1,000 lines. They go on from here, whether you `wait` or not. Fails with `invalid-urls` if a line
   * cannot be purged (unless `onInvalid` is `skip`), `budget-exhausted` (unless `onExhausted` is `hold`), `forbidden` for a
   * wildcard without that scope, and others; what was accepted before that is in the error's `batches`.
   */
  readonly purge: (request: PurgeRequest, options?: PurgeOptions) => Promise<Submission>;
  /**
   * Waits until everything has ended, or until the time is over. Takes what `purge` gave, or ids of batches. Neither a
   * purge that ended without clearing anything nor a time that is over is a failure: look at `cleared`, `notCleared` and `done`.
   */
  readonly wait: (
    what: Submission | Batch | string | readonly string[],
    options?: WaitOptions,
  ) => Promise<Progress>;
  /** A batch as it is now. Fails with `not-found` if there is none with this id (`b_…`). */
  readonly batch: (batchId: string, options?: CallOptions) => Promise<Batch>;
  /** A purge as it is now, with its timeline. Fails with `not-found` if there is none with this id (`p_…`). */
  readonly read: (purgeId: string, options?: CallOptions) => Promise<Purge>;
  /** Every purge that the query finds, newest first, over all pages: `limit` is how many are read at once. */
  readonly purges: (query?: ListQuery, options?: CallOptions) => AsyncGenerator<Purge, void, undefined>;
  /**
   * Cancels a purge that has not been sent, for your own batches: while others wait for it, it goes on. Fails with
   * `state-conflict` once it was sent.
   */
  readonly cancel: (purgeId: string, options?: CallOptions) => Promise<Purge>;
  /** The month's units: what is spent, set aside and left, and when the month turns. */
  readonly budget: (options?: CallOptions) => Promise<Budget>;
  /** How pages build the URLs of images, with the price of one changed image, and who changed that. */
  readonly profiles: (options?: CallOptions) => Promise<ProfileList>;
};

/** Makes a client. Throws PurgeDeskError `not-configured` if the URL or the token is missing. */
export function purgeDesk(options: PurgeDeskOptions = {}): PurgeDesk {
  const connection = readOptions(options);
  const get = <T>(path: string, { signal }: CallOptions = {}): Promise<T> =>
    call<T>(connection, { path, signal });
  // What is async rejects, and does not throw, for what can be no id.
  const read = async (purgeId: string, of?: CallOptions) => get<Purge>(purgePath(purgeId), of);
  return {
    plan: (request, { signal, repeats } = {}) =>
      requestPlan(connection, request, signal, repeats && `?repeats=${repeats}`),
    purge: (request, of) => requestPurges(connection, request, of),
    wait: (what, of) => waitForBatches(connection, what, of),
    batch: (batchId, of) => fetchBatch(connection, batchId, of),
    read,
    async *purges(query = {}, of) {
      // Through JSON, which leaves out what is undefined.
      const search = new URLSearchParams(JSON.parse(JSON.stringify(query)));
      for (;;) {
        const { purges, nextCursor } = await get<PurgePage>(`/api/purges?${search}`, of);
        yield* purges;
        if (nextCursor === null) return;
        search.set("cursor", nextCursor);
      }
    },
    cancel: async (purgeId, of) => {
      const path = `${purgePath(purgeId)}/cancel`;
      let tries = 0;
      const counted: typeof fetch = (...request) => {
        tries += 1;
        return connection.fetch(...request);
      };
      try {
        const request = { method: "POST", path, signal: of?.signal } as const;
        return await call<Purge>({ ...connection, fetch: counted }, request);
      } catch (error) {
        // An earlier try may have cancelled it, or detached the caller's batches from it, and its answer was lost.
        const { code, problem } = error as PurgeDeskError;
        if (problem?.state === "cancelled" || (tries > 1 && code === "forbidden")) return read(purgeId, of);
        throw error;
      }
    },
    budget: (of) => get("/api/budget", of),
    profiles: (of) => get("/api/profiles", of),
  };
}

function purgePath(purgeId: string): string {
  return `/api/purges/${checkedId(purgeId)}`;
}
