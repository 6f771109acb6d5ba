/**
 * The service's only clock. Everything else receives a `Clock`, so that tests set the time; only the time-outs of single
 * requests use the platform's timers.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

export type Clock = {
  /** Wall time, for people and records. May jump. */
  readonly now: () => EpochMs;
  /** Milliseconds that never decrease, for deadlines and leases. Zero has no meaning. */
  readonly monotonicMs: () => number;
  /** Resolves after this many milliseconds and once pending I/O was read, or at once when the signal aborts. */
  readonly sleep: (durationMs: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(() => void readPendingIo().then(done), durationMs);
      signal?.addEventListener("abort", done);
    }),
};

/**
 * Passes the abort on after reading whatever arrived before it. A process that was frozen or busy runs its due timers before
 * it reads its sockets: without this, a time-out would discard answers that have arrived.
 */
export function afterPendingIo(signal: AbortSignal): AbortSignal {
  const passedOn = new AbortController();
  const abort = () => void readPendingIo().then(() => passedOn.abort(signal.reason));
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return passedOn.signal;
}

/** Measured on Node 20: an answer, its body included, is read within two turns. */
const turnsToRead = 4;

/**
 * Lets the event loop read its sockets a few times. A message arrives with I/O, not with timers; each turn has a channel of
 * its own, because messages of one channel arrive together.
 */
async function readPendingIo(): Promise<void> {
  for (let turn = 1; turn <= turnsToRead; turn++) {
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port2.onmessage = resolve;
      port1.postMessage(undefined);
    });
    port1.close();
  }
}

/** ISO 8601 in UTC with milliseconds, as every answer shows time. */
export function toIsoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** The same, where an answer shows what is absent as `null`. */
export function toIsoTimeOrNull(at: EpochMs | undefined): string | null {
  return at === undefined ? null : toIsoTime(at);
}
