import {
  createRedisCommandExecutor,
  RedisServerState,
  Resp2Server,
  resolveCompatibilityProfile,
} from "js-redis-server/core";
import { startKeepingLua } from "./kept-scripts.ts";

/** An in-process Redis; `address` is what the bridge and ioredis take. Nothing survives `close`. */
export type EmbeddedRedis = { readonly address: string; readonly close: () => Promise<void> };

const host = "127.0.0.1";

/**
 * The dialect of Redis 7.0: the oldest server the ledger is tested on, so that nothing newer slips into a script
 * unseen.
 */
const dialect = "redis-7.0";

let lua: ReturnType<RedisServerState["getLuaRuntime"]> | undefined;

/**
 * All servers of this process run their scripts in one Lua engine: starting an engine takes 90 ms, a server 3 ms. No
 * script can change a global, and each runs to its end at once, so servers share nothing but the compiled scripts.
 */
class ServerState extends RedisServerState {
  override getLuaRuntime() {
    lua ??= startKeepingLua(dialect);
    return lua;
  }
}

/**
 * Starts the embedded Redis on a free loopback port. Put together from the package's parts because its own
 * `createRedisMock` listens on every interface, and leaves Nagle's algorithm on: replies to commands that are sent
 * together then take 40 ms.
 */
export async function startEmbeddedRedis(): Promise<EmbeddedRedis> {
  const compatibility = resolveCompatibilityProfile(dialect);
  const redis = new Resp2Server({
    server: new ServerState({ databaseCount: 16, compatibility }),
    executor: createRedisCommandExecutor({ compatibility }),
  });
  redis.server.prependListener("connection", (socket) => socket.setNoDelay());
  await new Promise<void>((resolve, reject) => {
    redis.server.once("error", reject);
    redis.server.listen({ host, port: 0 }, resolve);
  });
  return { address: `redis://${redis.getAddress()}`, close: () => redis.close() };
}
