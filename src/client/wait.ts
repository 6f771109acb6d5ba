import { type Call, call, checkedId, mayPass, sleep } from "./call.ts";
import type { Connection } from "./connection.ts";
import type { Batch, Purge } from "./generated.ts";
import { PurgeDeskError } from "./purge-desk-error.ts";
import type { Submission } from "./submit.ts";

/** How far the batches are. */
export type Progress = {
  readonly batches: readonly Batch[];
  /** Every purge has ended: completed, or otherwise. */
  readonly done: boolean;
  /** All is done and every line was cleared: each purge completed, none was cancelled, no line was rejected. */
  readonly cleared: boolean;
  /** Every purge that serves a line, each once. */
  readonly purges: readonly Purge[];
  readonly completed: number;
  /** Purges that ended without clearing anything. */
  readonly notCleared: readonly Purge[];
};

export type WaitOptions = {
  readonly signal?: AbortSignal | undefined;
  /**
   * In milliseconds. When this is over, the answer is how far it is by then; `unreachable` if that was never read. Default: 15
   * minutes.
   */
  readonly timeoutMs?: number | undefined;
  /** Called with each answer of Purge Desk. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

const longestWaitMs = 20_000;
/** If somebody watches, or another batch has its turn. */
const shortWaitMs = 5_000;
/** Between two reads of a batch to which the answer came at once. */
const pauseMs = 2_000;

export async function fetchBatch(
  connection: Connection,
  batchId: string,
  limits?: Pick<Call, "heldMs" | "endsAt" | "signal">,
): Promise<Batch> {
  return call<Batch>(connection, { path: `/api/batches/${checkedId(batchId)}`, ...limits });
}

/** Waits until all batches are done, or the time is over. Batches that are open take turns. */
export async function waitForBatches(
  connection: Connection,
  what: Submission | Batch | string | readonly string[],
  { signal, timeoutMs = 15 * 60_000, onProgress }: WaitOptions = {},
): Promise<Progress> {
  const until = performance.now() + timeoutMs;
  const { batches: given, rejected } = submissionOf(what);
  if (given.length === 0) throw new PurgeDeskError("not-found", "No batch to wait for");
  const read = (id: string, heldMs: number) => fetchBatch(connection, id, { signal, heldMs, endsAt: until });
  // At once: how far all of them are is known only when each was read, and a short time must do for many.
  const batches = await Promise.all(given.map((one) => (typeof one === "string" ? read(one, 0) : one)));
  for (let turn = 0; ; turn += 1) {
    const progress = progressOf(batches, rejected.length);
    onProgress?.(progress);
    const open = batches.filter(({ done }) => !done);
    const batch = open[turn % open.length];
    const leftMs = until - performance.now();
    if (batch === undefined || leftMs <= 0) return progress;

    const from = performance.now();
    const isAlone = open.length === 1 && onProgress === undefined;
    const waitMs = Math.min(isAlone ? longestWaitMs : shortWaitMs, leftMs);
    const now = await read(batch.id, waitMs).catch((error) => {
      // It would be tried again if there were time.
      const isOver = leftMs < connection.retryForMs + waitMs || performance.now() >= until;
      if (isOver && mayPass(error)) return undefined;
      throw error;
    });
    if (now === undefined) return progress;
    batches[batches.indexOf(batch)] = now;
    // A server for which too many wait answers at once.
    const restMs = Math.min(pauseMs - (performance.now() - from), until - performance.now());
    if (!now.done && restMs > 0) await sleep(restMs, signal);
  }
}

function submissionOf(what: Submission | Batch | string | readonly string[]) {
  if (typeof what === "object" && "rejected" in what) return what;
  return { batches: [what].flat().filter(Boolean), rejected: [] };
}

function progressOf(batches: readonly Batch[], rejected: number): Progress {
  const byId = new Map<string, Purge>();
  for (const purge of batches.flatMap((batch) => batch.purges)) {
    // Of a purge that several batches share, what was read last is not known, but what has ended stays so.
    const known = byId.get(purge.id);
    if (known === undefined || !hasEnded(known)) byId.set(purge.id, purge);
  }
  const purges = [...byId.values()];
  const done = batches.every((batch) => batch.done);
  const lines = batches.flatMap((batch) => batch.lines);
  return {
    batches: [...batches],
    done,
    cleared:
      done &&
      rejected === 0 &&
      lines.every((line) => line.verdict !== "rejected" && line.state === "completed"),
    purges,
    completed: purges.filter(({ state }) => state === "completed").length,
    notCleared: purges.filter((purge) => purge.state !== "completed" && hasEnded(purge)),
  };
}

function hasEnded({ state }: Purge): boolean {
  return /^(completed|refused|cancelled|abandoned)$/.test(state);
}
