/** What `npm start` runs for real and what it simulates, decided from the settings alone. */

import * as z from "zod";
import { type Environment, isImageKitsOwn, readConfig } from "../config.ts";

/** Each part on its own: whatever is set is real. */
export type LocalParts = {
  /** `live`: ImageKit's own base URL, where purges cost units. `elsewhere`: another base URL that was given. */
  readonly imagekit: "live" | "elsewhere" | "simulated";
  readonly redis:
    | { readonly kind: "upstash" }
    /** A Redis server, behind a bridge of ours. */
    | { readonly kind: "redis-server"; readonly address: string }
    | { readonly kind: "embedded" };
  /** `made`: one admin token for this run. */
  readonly tokens: "given" | "made";
  /** 0: any free one. */
  readonly port: number;
};

/** `settings` are the given ones; what a started part provides is still to be added to them. */
export type LocalReading =
  | { readonly settings: Environment; readonly parts: LocalParts }
  | { readonly problems: readonly string[] };

const portSchema = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535))
  .default(8888);

/**
 * Names everything that is wrong at once, what the service itself would say included. Problems are sentences that name
 * settings and never show a value. An empty value counts as unset.
 */
export function localEnvironment(env: Environment): LocalReading {
  const settings = onlySet(env);
  const isSet = (name: string) => settings[name] !== undefined;
  const problems: string[] = [];

  const imagekit = imagekitOf(settings, problems);
  const redis = redisOf(settings, problems);
  if (imagekit === "live" && redis.kind === "embedded" && !isSet("UPSTASH_REDIS_REST_TOKEN")) {
    problems.push(
      "IMAGEKIT_PRIVATE_KEY is for the real ImageKit, and the embedded Redis forgets at every start what was " +
        "spent of your quota: set UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN, or REDIS_URL",
    );
  }
  const { PORT } = settings;
  const port = portSchema.safeParse(PORT);
  if (!port.success) problems.push("PORT: must be a whole number from 0 to 65535");
  const reading = readConfig({ ...standIns(imagekit), ...settings });
  if ("problems" in reading) problems.push(...reading.problems);

  if (problems.length > 0 || !port.success) return { problems };
  const tokens = isSet("PURGE_TOKENS") ? "given" : "made";
  return { settings, parts: { imagekit, redis, tokens, port: port.data } };
}

/** In place of what is made when it starts, so that the rest can be read before anything has started. */
export function standIns(imagekit: LocalParts["imagekit"]): Environment {
  return {
    UPSTASH_REDIS_REST_URL: "http://127.0.0.1",
    UPSTASH_REDIS_REST_TOKEN: "made-at-start",
    PURGE_TOKENS: `local:admin:${"0".repeat(64)}`,
    ...(imagekit === "simulated" && {
      IMAGEKIT_PRIVATE_KEY: "made-at-start",
      IMAGEKIT_API_BASE_URL: "http://127.0.0.1",
    }),
  };
}

function imagekitOf(settings: Environment, problems: string[]): LocalParts["imagekit"] {
  const { IMAGEKIT_PRIVATE_KEY: key, IMAGEKIT_API_BASE_URL: base } = settings;
  if (key === undefined) {
    if (base !== undefined) problems.push("IMAGEKIT_API_BASE_URL is set, but IMAGEKIT_PRIVATE_KEY is not");
    return "simulated";
  }
  return base === undefined || isImageKitsOwn(base) ? "live" : "elsewhere";
}

function redisOf(settings: Environment, problems: string[]): LocalParts["redis"] {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, REDIS_URL: address } = settings;
  if (address !== undefined && (url !== undefined || token !== undefined)) {
    problems.push(
      "REDIS_URL and UPSTASH_REDIS_REST_URL/TOKEN are both set: there is one ledger, choose one of them",
    );
  }
  if (url !== undefined && token === undefined) {
    problems.push("UPSTASH_REDIS_REST_URL is set, but UPSTASH_REDIS_REST_TOKEN is not");
  }
  if (url === undefined && token !== undefined) {
    problems.push("UPSTASH_REDIS_REST_TOKEN is set, but UPSTASH_REDIS_REST_URL is not");
  }
  if (url !== undefined) return { kind: "upstash" };
  if (address === undefined) return { kind: "embedded" };
  if (!isRedisAddress(address)) {
    problems.push(
      "REDIS_URL: must read like redis://127.0.0.1:6379 (rediss:// for TLS), or be the path of a socket",
    );
  }
  return { kind: "redis-server", address };
}

function isRedisAddress(address: string): boolean {
  if (address.startsWith("/")) return true;
  return URL.canParse(address) && /^rediss?:$/.test(new URL(address).protocol);
}

function onlySet(env: Environment): Environment {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== undefined && value !== ""));
}
