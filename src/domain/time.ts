/** The only clock. Everything else is given a `Clock`, so that tests decide what time it is. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

export type Clock = {
  /** Wall time: for what people and records see. May jump. */
  readonly now: () => EpochMs;
  /** Milliseconds that only ever grow: for deadlines and leases. Its zero means nothing. */
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
 * The signal's abort, after whatever has arrived before it was read. A process that was frozen or busy finds its
 * timers due before it looks at its sockets: without this, a time-out would discard answers that are there.
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
 * Some turns of the event loop through its sockets. A message arrives with I/O, not with timers; a channel of its own
 * for each turn, because messages of one channel arrive together.
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
