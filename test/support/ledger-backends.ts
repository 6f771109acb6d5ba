import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { type Bridge, startBridge } from "../../src/local/redis/bridge.ts";
import { startEmbeddedRedis } from "../../src/local/redis/embedded.ts";
import { type RealRedis, startRealRedis } from "../../src/local/redis/real-redis.ts";
import { describeWith } from "./describe-with.ts";

export type RedisBackend = {
  readonly kind: "embedded" | "redis-server";
  /** The values of UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN. */
  readonly url: string;
  readonly token: string;
  /** Sets faults and counts requests. */
  readonly bridge: Bridge;
  /** A connection past the bridge, to see what Redis really stores. */
  readonly raw: Redis;
  /** Removes all keys and faults, and sets the counts to zero. Scripts stay known, as they do in production. Runs before every test. */
  readonly flush: () => Promise<void>;
  /** The redis-server process, to stop and restart it. `flush` restarts a stopped one. */
  readonly server: RealRedis | undefined;
};

const token = "bridge-token-of-the-tests";

/** One server, its bridge and a raw connection; `close` ends all three. */
export async function startBackend(
  kind: RedisBackend["kind"],
): Promise<RedisBackend & { readonly close: () => Promise<void> }> {
  const server = kind === "redis-server" ? await startRealRedis() : undefined;
  const redis = server ?? (await startEmbeddedRedis());
  const bridge = await startBridge({ redis: redis.address, token });
  const raw = new Redis(redis.address, { retryStrategy: () => 20 });
  // While a test has stopped the server, the raw connection keeps trying.
  raw.on("error", () => undefined);
  return {
    kind,
    url: bridge.url,
    token,
    bridge,
    raw,
    server,
    flush: async () => {
      bridge.setFault(undefined);
      await raw.flushall();
      await bridge.connected();
      await bridge.resetCounts();
    },
    close: async () => {
      raw.disconnect();
      await bridge.close();
      await redis.close();
    },
  };
}

/**
 * Runs a suite on the embedded Redis and on a real redis-server. The backend is flushed before every test and can be
 * used in hooks and tests, not while tests are collected.
 */
export function describeOnEveryRedis(name: string, suite: (backend: RedisBackend) => void): void {
  describeOn("embedded", name, suite);
  describeOn("redis-server", name, suite);
}

/** A suite on one kind of Redis only. */
export function describeOn(
  kind: RedisBackend["kind"],
  name: string,
  suite: (backend: RedisBackend) => void,
): void {
  const titled = `${name} [${kind}]`;
  const onBackend = () => {
    const late = lateBackend(kind);
    beforeAll(late.start);
    beforeEach(late.backend.flush);
    afterAll(late.close);
    suite(late.backend);
  };
  if (kind === "embedded") describe(titled, onBackend);
  else describeWith("redis-server", titled, onBackend);
}

/** A backend that can be passed around before it has started. */
function lateBackend(kind: RedisBackend["kind"]) {
  let started: Awaited<ReturnType<typeof startBackend>> | undefined;
  const here = () => {
    if (started === undefined)
      throw new Error("the backend starts in beforeAll: use it in hooks and tests only");
    return started;
  };
  const backend: RedisBackend = {
    kind,
    token,
    get url() {
      return here().url;
    },
    get bridge() {
      return here().bridge;
    },
    get raw() {
      return here().raw;
    },
    get server() {
      return here().server;
    },
    flush: () => here().flush(),
  };
  return {
    backend,
    start: async () => {
      started = await startBackend(kind);
    },
    close: async () => started?.close(),
  };
}
