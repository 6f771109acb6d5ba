import { describeProblems, type Environment, readConfig } from "../../src/config.ts";
import type { Clock } from "../../src/domain/time.ts";
import { imagekitClient } from "../../src/imagekit/client.ts";
import { createServices, type Services } from "../../src/services.ts";
import { ledgerAt } from "../support/ledger-at.ts";

export type UnderTest = {
  readonly clock: Clock;
  /** The time that the ledger's scripts use. */
  readonly now: () => number;
  readonly writeLog: (line: string) => void;
  readonly fetch?: typeof globalThis.fetch;
  readonly sendTimeoutMs?: number;
  readonly pollTimeoutMs?: number;
};

/** The services as in production, but with the time and ImageKit's time-outs set by the test. */
export function servicesUnderTest(env: Environment, outside: UnderTest): Services {
  const { clock, now, writeLog, fetch = globalThis.fetch, sendTimeoutMs, pollTimeoutMs } = outside;
  const reading = readConfig(env);
  if ("problems" in reading) throw new Error(describeProblems(reading.problems));
  const { config } = reading;
  const services = createServices(config, { clock, writeLog, fetch });
  return {
    ...services,
    ledger: ledgerAt({ ...clock, now }, services),
    imagekit: imagekitClient({
      apiBaseUrl: config.imagekit.apiBaseUrl,
      privateKey: config.imagekit.privateKey,
      fetch,
      sendTimeoutMs,
      pollTimeoutMs,
    }),
  };
}
