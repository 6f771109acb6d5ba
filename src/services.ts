import type { Config } from "./config.ts";
import { createFailedAttempts, type FailedAttempts } from "./domain/failed-attempts.ts";
import { createIdMaker, type IdPrefix, makeDropInId, type RandomBytes } from "./domain/ids.ts";
import { type Clock, systemClock } from "./domain/time.ts";
import { type EdgeClient, type EdgeFetch, edgeClient } from "./edge/read-edge.ts";
import { type ImageKitClient, imagekitClient } from "./imagekit/client.ts";
import type { Ledger } from "./ledger/contract.ts";
import { createLedger } from "./ledger/ledger.ts";
import { createJsonLog, errorFields, type Log, withFields } from "./log.ts";

/** Everything that a use case or a route works with. */
export type Services = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly imagekit: ImageKitClient;
  /** Reads what the CDN serves. */
  readonly edge: EdgeClient;
  readonly clock: Clock;
  readonly makeId: (prefix: IdPrefix) => string;
  /** For purges of the drop-in endpoint. */
  readonly makeDropInId: () => string;
  readonly log: Log;
  /** Lets work go on after the answer, and logs its failure: no caller is left to tell. */
  readonly background: (work: Promise<unknown>) => void;
  /** One per process, shared by every route group that it serves. */
  readonly failedAttempts: FailedAttempts;
};

/** What the services get from the platform; a test may pass its own. */
export type Outside = {
  readonly fetch?: typeof globalThis.fetch;
  /** Asks the CDN. Without it `fetch` does, which does not notice that a host's name leads into a private network. */
  readonly fetchEdge?: EdgeFetch;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
  readonly writeLog?: (line: string) => void;
};

/** The only place that constructs clients. Opens no connection. */
export function createServices(config: Config, outside: Outside = {}): Services {
  const { fetch = globalThis.fetch, clock = systemClock, randomBytes = cryptoRandomBytes } = outside;
  const { privateKey, kind, apiBaseUrl } = config.imagekit;
  const isSimulated = kind === "simulated";
  const makeId = createIdMaker({ clock, randomBytes });
  const log = createJsonLog({
    clock,
    write: outside.writeLog ?? writeToConsole,
    secrets: [privateKey, config.redis.token, config.sessionSecret ?? ""],
  });
  return {
    config,
    ledger: createLedger({
      redis: config.redis,
      name: config.ledgerName,
      policy: config.policy,
      clock,
      makeId: () => makeId("o"),
    }),
    imagekit: imagekitClient({
      apiBaseUrl,
      privateKey,
      fetch,
    }),
    edge: edgeClient({
      fetch: isSimulated ? fetch : (outside.fetchEdge ?? fetch),
      hosts: new Set(config.endpoints.map(({ host }) => host)),
      simulatedBaseUrl: isSimulated ? apiBaseUrl : undefined,
    }),
    clock,
    makeId,
    makeDropInId: () => makeDropInId(randomBytes),
    log,
    background: inBackground(log),
    failedAttempts: createFailedAttempts(clock),
  };
}

/**
 * The same services for one request or sweep: every log line has its id, every step of a purge is logged, and the ledger
 * counts it against the caller's rate. `keepAlive` is the platform's way to wait for work after the answer.
 */
export function servicesFor(
  services: Services,
  {
    requestId,
    caller,
    keepAlive,
  }: {
    readonly requestId: string;
    readonly caller?: string | undefined;
    readonly keepAlive?: ((work: Promise<unknown>) => void) | undefined;
  },
): Services {
  const log = withFields(services.log, { requestId, actor: caller });
  const ledger = services.ledger.onBehalfOf({
    caller,
    onStep: ({ note, ...step }) => log("purge", { ...step, cause: note }),
  });
  return { ...services, log, ledger, background: inBackground(log, keepAlive) };
}

function inBackground(log: Log, keepAlive?: (work: Promise<unknown>) => void): Services["background"] {
  return function background(work) {
    const logged = work.catch((error: unknown) => log("background-failed", errorFields(error)));
    keepAlive?.(logged);
  };
}

/** The log of a process that has no services because its settings are wrong. */
export function createLog(outside: Pick<Outside, "clock" | "writeLog"> = {}): Log {
  return createJsonLog({ clock: outside.clock ?? systemClock, write: outside.writeLog ?? writeToConsole });
}

function cryptoRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function writeToConsole(line: string): void {
  console.log(line);
}
