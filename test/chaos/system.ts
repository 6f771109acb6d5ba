import { Redis } from "ioredis";
import type { Clock } from "../../src/domain/time.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { type Bridge, startBridge } from "../../src/local/redis/bridge.ts";
import { type RealRedis, startRealRedis } from "../../src/local/redis/real-redis.ts";

/** Everything around the service under test: a real redis-server, its bridge, and a simulated ImageKit. */
export type System = {
  readonly server: RealRedis;
  readonly bridge: Bridge;
  /** A connection past the bridge, to see what Redis really stores. */
  readonly raw: Redis;
  readonly imagekit: SimulatedImageKit;
  /** Removes all keys, scripts, faults and arrivals. */
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const bridgeToken = "bridge-token-of-the-tests";

/** `clock` is the simulated ImageKit's. */
export async function startSystem(
  clock: Clock,
  options: { readonly persistence?: "none" | "append-only" } = {},
): Promise<System> {
  const server = await startRealRedis(options);
  const bridge = await startBridge({ redis: server.address, token: bridgeToken });
  const raw = new Redis(server.address, { retryStrategy: () => 20 });
  // While a test has stopped the server, the raw connection keeps trying.
  raw.on("error", () => undefined);
  const imagekit = await startSimulatedImageKit({ clock, settings: { quota: "none" } });
  return {
    server,
    bridge,
    raw,
    imagekit,
    clear: async () => {
      bridge.setFault(undefined);
      await Promise.all([raw.flushall(), raw.script("FLUSH")]);
      imagekit.control.reset();
    },
    close: async () => {
      raw.disconnect();
      await Promise.all([bridge.close(), imagekit.close()]);
      await server.close();
    },
  };
}
