import { type Environment, readConfig } from "../../config.ts";
import { CannotStart } from "../cannot-start.ts";
import type { LocalInstance } from "../instance-file.ts";
import { localEnvironment, standIns } from "../local-environment.ts";
import { bridgeTo } from "../run-local.ts";

export type OpenLedger = {
  /** PURGE_LEDGER, or `sandbox` where ImageKit is simulated. */
  readonly name: string;
  readonly redis: { readonly url: string; readonly token: string };
  readonly close: () => Promise<void>;
};

/** The ledger of the run that is there, or the one that the settings name. Throws CannotStart when there is none. */
export async function openLedger(env: Environment, instance: LocalInstance | undefined): Promise<OpenLedger> {
  if (instance !== undefined) {
    return withConfig({
      ...standIns("elsewhere"),
      IMAGEKIT_PRIVATE_KEY: "not-used",
      ...env,
      ...instance.settings,
    });
  }
  const reading = localEnvironment(env);
  if ("problems" in reading) throw new CannotStart(reading.problems.join("\n"));
  const { imagekit, redis } = reading.parts;
  const settings = { ...standIns(imagekit), ...reading.settings };
  if (redis.kind === "upstash") return withConfig(settings);
  if (redis.kind === "embedded") {
    throw new CannotStart(
      "There is no ledger to read: no npm start runs in this folder, and neither UPSTASH_REDIS_REST_URL nor REDIS_URL is set",
    );
  }
  const bridge = await bridgeTo(redis.address);
  return withConfig(
    { ...settings, UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token },
    bridge.close,
  );
}

function withConfig(settings: Environment, close = async () => {}): OpenLedger {
  const reading = readConfig(settings);
  if ("problems" in reading) throw new CannotStart(reading.problems.join("\n"));
  return { name: reading.config.ledgerName, redis: reading.config.redis, close };
}
