import { type Config, type Environment, readConfig } from "../config.ts";
import { CannotStart } from "./cannot-start.ts";
import type { LocalInstance } from "./instance-file.ts";
import { localEnvironment, standIns } from "./local-environment.ts";
import { bridgeTo } from "./run-local.ts";

export type OpenLedger = {
  /** `redis` in it is where the ledger is; what `npm start` would make itself (tokens, a simulated ImageKit) is a stand-in. */
  readonly config: Config;
  readonly close: () => Promise<void>;
};

/** The ledger that the settings name, as `npm start` would choose it. Throws CannotStart when they name none. */
export async function openLedger(env: Environment): Promise<OpenLedger> {
  const reading = localEnvironment(env);
  if ("problems" in reading) throw new CannotStart(reading.problems.join("\n"));
  const { imagekit, redis } = reading.parts;
  const settings = { ...standIns(imagekit), ...reading.settings };
  if (redis.kind === "upstash") return withConfig(settings);
  if (redis.kind === "embedded") {
    throw new CannotStart("There is no ledger: neither UPSTASH_REDIS_REST_URL nor REDIS_URL is set");
  }
  const bridge = await bridgeTo(redis.address);
  return withConfig(
    { ...settings, UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token },
    bridge.close,
  );
}

/** The ledger of an `npm start` that runs; `env` has the secrets that were given to it. */
export function ledgerOf(instance: LocalInstance, env: Environment): OpenLedger {
  return withConfig({
    ...standIns("elsewhere"),
    IMAGEKIT_PRIVATE_KEY: "not-used",
    ...env,
    ...instance.settings,
  });
}

function withConfig(settings: Environment, close = async () => {}): OpenLedger {
  const reading = readConfig(settings);
  if ("problems" in reading) throw new CannotStart(reading.problems.join("\n"));
  return { config: reading.config, close };
}
