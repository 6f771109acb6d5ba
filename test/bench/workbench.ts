import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { readConfig } from "../../src/config.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import { startSimulatedImageKit } from "../../src/local/imagekit/simulated-imagekit.ts";
import { startBridge } from "../../src/local/redis/bridge.ts";
import { startEmbeddedRedis } from "../../src/local/redis/embedded.ts";
import { findRedisServer, startRealRedis } from "../../src/local/redis/real-redis.ts";
import { createServices, type Outside } from "../../src/services.ts";

/** The token of an admin. */
export const token = "pd_of-the-benchmarks";

/** A redis-server if installed (else the embedded Redis), its bridge, the simulated ImageKit, and the app over both. */
export type Workbench = Awaited<ReturnType<typeof startWorkbench>>;

export async function startWorkbench() {
  const kind = findRedisServer() === undefined ? "embedded" : "redis-server";
  const redis = kind === "redis-server" ? await startRealRedis() : await startEmbeddedRedis();
  const bridge = await startBridge({ redis: redis.address, token: "bridge" });
  const raw = new Redis(redis.address);
  const imagekit = await startSimulatedImageKit({ settings: { quota: "none", pendingMs: 0 } });
  const settings = {
    IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
    IMAGEKIT_API_BASE_URL: imagekit.url,
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: bridge.token,
    PURGE_TOKENS: `bench:admin:${createHash("sha256").update(token).digest("hex")}`,
    PURGE_MONTHLY_QUOTA: "1000000",
    PURGE_SEND_RATE: "off",
    PURGE_CALLER_RATE: "off",
    PURGE_POLL_RATE: "off",
    // What measures edge checks asks for them.
    PURGE_EDGE_CHECK: "off",
  };

  /** The service as in `npm start`, but without a log and with the rates off. */
  const serve = (outside: Outside = {}) => {
    const reading = readConfig(settings);
    if ("problems" in reading) throw new Error(reading.problems.join("; "));
    const services = createServices(reading.config, { writeLog: () => undefined, ...outside });
    const app = createApp(services, [apiRoutes]);
    const call = async (path: string, body?: unknown): Promise<Response> => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const request =
        body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
      const response = await app.request(path, request);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response;
    };
    return { services, call };
  };

  return {
    kind,
    bridge,
    raw,
    imagekit,
    settings,
    serve,
    /** Removes everything stored and sets all counts to zero; the scripts stay loaded. */
    clear: async () => {
      imagekit.control.reset();
      await raw.flushall();
      await bridge.resetCounts();
    },
    /** Commands that Redis executed since the last `clear`, including those inside scripts if Redis counts them. */
    commands: async () => {
      const counts = (await bridge.serverCounts()) ?? bridge.counts().commands;
      return Object.values(counts).reduce((sum, calls) => sum + calls, 0);
    },
    close: async () => {
      raw.disconnect();
      await bridge.close();
      await Promise.all([redis.close(), imagekit.close()]);
    },
  };
}
