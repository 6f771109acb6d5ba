import type { Config } from "./config.ts";
import { createIdMaker, type IdPrefix, type RandomBytes } from "./ids.ts";
import { type ImageKitClient, imagekitClient } from "./imagekit/client.ts";
import type { Ledger } from "./ledger/contract.ts";
import { createLedger } from "./ledger/ledger.ts";
import { createJsonLog, type Log } from "./log.ts";
import { type Clock, systemClock } from "./time.ts";

/** Everything that a story or a route works with. */
export type Services = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly imagekit: ImageKitClient;
  readonly clock: Clock;
  readonly makeId: (prefix: IdPrefix) => string;
  readonly log: Log;
};

/** What reaches outside; each has the platform's own as its default. */
export type Outside = {
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
  readonly writeLog?: (line: string) => void;
};

/** The only place that constructs clients. Opens no connection. */
export function createServices(config: Config, outside: Outside = {}): Services {
  const { fetch = globalThis.fetch, clock = systemClock, randomBytes = cryptoRandomBytes } = outside;
  const makeId = createIdMaker({ clock, randomBytes });
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
      apiBaseUrl: config.imagekit.apiBaseUrl,
      privateKey: config.imagekit.privateKey,
      fetch,
    }),
    clock,
    makeId,
    log: createJsonLog({ clock, write: outside.writeLog ?? writeToConsole }),
  };
}

/** The log of a process whose settings are wrong, so that it has no services. */
export function createLog(outside: Pick<Outside, "clock" | "writeLog"> = {}): Log {
  return createJsonLog({ clock: outside.clock ?? systemClock, write: outside.writeLog ?? writeToConsole });
}

function cryptoRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function writeToConsole(line: string): void {
  console.log(line);
}
