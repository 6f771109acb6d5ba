import { call } from "./call.ts";
import { type PurgeDeskOptions, readOptions } from "./connection.ts";
import type { Batch, Budget, ListQuery, Plan, ProfileList, Purge, PurgePage } from "./generated.ts";
import type { PurgeDeskError } from "./purge-desk-error.ts";
import { type PurgeOptions, type PurgeRequest, planPurges, type Submission, submitPurges } from "./submit.ts";
import { type Progress, readBatch, type WaitOptions, waitForBatches } from "./wait.ts";

export type CallOptions = { readonly signal?: AbortSignal | undefined };
export type PlanOptions = CallOptions & {
  /** `allowed`: plans what the token repeats too often too. A submission still refuses it. */
  readonly repeats?: "allowed" | undefined;
};

/** Every method throws PurgeDeskError, and automatically resends what is safe to resend. */
export type PurgeDesk = {
  /** What purging this would do and cost. Charges nothing. Up to 1,000 lines. */
  readonly plan: (request: PurgeRequest, options?: PlanOptions) => Promise<Plan>;
  /** Submits purges. They go on from here, whether you `wait` or not. */
  readonly purge: (request: PurgeRequest, options?: PurgeOptions) => Promise<Submission>;
  /** Waits until everything has ended, or until the time is over. Takes what `purge` gave, or ids of batches. */
  readonly wait: (
    what: Submission | Batch | string | readonly string[],
    options?: WaitOptions,
  ) => Promise<Progress>;
  /** A batch as it is now. */
  readonly batch: (batchId: string, options?: CallOptions) => Promise<Batch>;
  /** A purge as it is now, with its timeline. */
  readonly read: (purgeId: string, options?: CallOptions) => Promise<Purge>;
  /** Every purge that the query finds, newest first, over all pages. */
  readonly purges: (query?: ListQuery, options?: CallOptions) => AsyncGenerator<Purge, void, undefined>;
  /** Cancels a purge that has not been sent, for your own batches: while others wait for it, it goes on. */
  readonly cancel: (purgeId: string, options?: CallOptions) => Promise<Purge>;
  readonly budget: (options?: CallOptions) => Promise<Budget>;
  readonly profiles: (options?: CallOptions) => Promise<ProfileList>;
};

/** Makes a client. Throws PurgeDeskError `not-configured` if the URL or the token is missing. */
export function purgeDesk(options: PurgeDeskOptions = {}): PurgeDesk {
  const connection = readOptions(options);
  const get = <T>(path: string, { signal }: CallOptions = {}): Promise<T> =>
    call<T>(connection, { path, signal });
  const read = (purgeId: string, of?: CallOptions) => get<Purge>(purgePath(purgeId), of);
  return {
    plan: (request, { signal, repeats } = {}) =>
      planPurges(connection, request, signal, repeats && `?repeats=${repeats}`),
    purge: (request, of) => submitPurges(connection, request, of),
    wait: (what, of) => waitForBatches(connection, what, of),
    batch: (batchId, of) => readBatch(connection, batchId, of),
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
  return `/api/purges/${encodeURIComponent(purgeId)}`;
}
