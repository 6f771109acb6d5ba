import { randomBytes } from "node:crypto";
import type { Environment } from "../config.ts";
import { systemClock } from "../domain/time.ts";
import { isSetting, unknownSettings } from "../setting-names.ts";
import { announce } from "./announce.ts";
import { CannotStart } from "./cannot-start.ts";
import { checkUpstash } from "./check-upstash.ts";
import type { LocalInstance } from "./instance-file.ts";
import { type FetchHandler, listen } from "./listen.ts";
import { type LocalParts, localEnvironment } from "./local-environment.ts";
import { makeToken } from "./make-token.ts";
import { type Bridge, startBridge } from "./redis/bridge.ts";
import { startEmbeddedRedis } from "./redis/embedded.ts";
import { startScheduler } from "./scheduler.ts";

/** The service itself, put together from complete settings; or what is wrong with them. */
export type Compose = (
  settings: Environment,
  parts: LocalParts,
) =>
  | {
      readonly fetch: FetchHandler;
      readonly sweep: () => Promise<unknown>;
      /** Signs in to the dashboard once. */
      readonly signInPath: string;
    }
  | { readonly problems: readonly string[] };

export type StartImageKit = () => Promise<{
  readonly url: string;
  readonly privateKey: string;
  readonly close: () => Promise<void>;
}>;

export type LocalOptions = {
  readonly env: Environment;
  readonly compose: Compose;
  readonly startImageKit: StartImageKit;
  readonly onError: (error: unknown) => void;
  readonly red?: ((text: string) => string) | undefined;
};

export type LocalRun = {
  readonly url: string;
  /** Opens the dashboard, signed in; works once. */
  readonly signInUrl: string;
  /** What to print. */
  readonly announcement: string;
  /** What this machine's other commands need in order to work with this run. */
  readonly instance: LocalInstance;
  /** Ends everything, last started first; work under way comes to its end. */
  readonly close: () => Promise<void>;
};

const sweepEveryMs = 10_000;

/** Starts what is simulated, the app, and the scheduler. Throws CannotStart, with nothing left running. */
export async function runLocal({
  env,
  compose,
  startImageKit,
  onError,
  red,
}: LocalOptions): Promise<LocalRun> {
  const reading = localEnvironment(env);
  const warnings = unknownSettings(env);
  if ("problems" in reading) throw problemsFound([...reading.problems, ...warnings]);
  const { parts } = reading;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const redis = await startRedis(parts.redis, reading.settings, closers);
    const imagekit = parts.imagekit === "simulated" ? await startImageKit() : undefined;
    if (imagekit) closers.push(imagekit.close);
    const tokens = parts.tokens === "made" ? madeTokens() : [];
    const tokenOf = (caller: string) => tokens.find(({ name }) => name === caller)?.token;

    const settings: Environment = {
      PURGE_SESSION_SECRET: randomBytes(32).toString("base64url"),
      ...reading.settings,
      ...(redis && { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token }),
      ...(imagekit && { IMAGEKIT_API_BASE_URL: imagekit.url, IMAGEKIT_PRIVATE_KEY: imagekit.privateKey }),
      ...(tokens.length > 0 && { PURGE_TOKENS: tokens.map(({ entry }) => entry).join(",") }),
    };
    const service = compose(settings, parts);
    if ("problems" in service) throw problemsFound(service.problems);

    const server = await listen({ fetch: service.fetch, port: parts.port, onError });
    const scheduler = startScheduler({
      everyMs: sweepEveryMs,
      run: service.sweep,
      onError,
      clock: systemClock,
    });
    closers.push(() => Promise.all([server.close(), scheduler.stop()]));

    const { url } = server;
    const { IMAGEKIT_URL_ENDPOINTS: urlEndpoints } = reading.settings;
    const signInUrl = url + service.signInPath;
    const announcement = announce(
      {
        url,
        signInUrl,
        parts,
        adminToken: tokenOf("local"),
        sdkToken: tokenOf("cms"),
        urlEndpoints,
        sweepEveryMs,
        warnings,
      },
      red,
    );
    const instance: LocalInstance = {
      pid: process.pid,
      url,
      tokens: Object.fromEntries(tokens.map(({ name, token }) => [name, token])),
      imagekitUrl: imagekit?.url,
      settings: withoutGivenSecrets(settings, parts),
    };
    return { url, signInUrl, announcement, instance, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing for an Upstash that answers; a bridge in front of the others. */
async function startRedis(
  redis: LocalParts["redis"],
  settings: Environment,
  closers: (() => Promise<unknown>)[],
): Promise<Bridge | undefined> {
  if (redis.kind === "upstash") {
    const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = settings;
    await checkUpstash({ url, token });
    return undefined;
  }
  const bridge = await (redis.kind === "redis-server"
    ? bridgeTo(redis.address)
    : startEmbeddedRedis().then((embedded) => {
        closers.push(embedded.close);
        return bridgeTo(embedded.address);
      }));
  closers.push(bridge.close);
  return bridge;
}

export function bridgeTo(address: string): Promise<Bridge> {
  const token = randomBytes(32).toString("base64url");
  return startBridge({ redis: address, token }).catch((cause: unknown) => {
    throw new CannotStart("REDIS_URL: no Redis accepts a connection at that address", { cause });
  });
}

/** One for the person at this machine, and two as callers have them. */
function madeTokens() {
  const callers = [
    { name: "local", scopes: ["admin"] },
    { name: "storefront", scopes: ["purge"] },
    { name: "cms", scopes: ["purge", "wildcard"] },
  ] as const;
  return callers.map((caller) => ({ name: caller.name, ...makeToken(caller) }));
}

/** The settings of the service, less the credentials of what this run did not make. */
function withoutGivenSecrets(settings: Environment, parts: LocalParts): LocalInstance["settings"] {
  const secret = new Set([
    "PURGE_SESSION_SECRET",
    "REDIS_URL",
    ...(parts.imagekit === "simulated" ? [] : ["IMAGEKIT_PRIVATE_KEY"]),
    ...(parts.redis.kind === "upstash" ? ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"] : []),
  ]);
  const kept = Object.entries(settings).filter(([name]) => isSetting(name) && !secret.has(name));
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function problemsFound(problems: readonly string[]): CannotStart {
  return new CannotStart(
    ["The settings need a change:", ...problems.map((text) => `  - ${text}`)].join("\n"),
  );
}
