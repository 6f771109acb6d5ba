import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Redis } from "ioredis";
import * as z from "zod";
import { type CommandCounts, countCommands, countsSince, readServerCounts } from "./command-counts.ts";
import type { RedisFaultHook } from "./fault.ts";
import { upstashProtocol } from "./protocol.ts";

/** Upstash Redis' REST protocol in front of a Redis. Counts are since the start, or since they were reset. */
export type Bridge = {
  readonly url: string;
  readonly token: string;
  readonly counts: () => {
    /** HTTP requests that arrived, whatever became of them. */
    readonly roundTrips: number;
    /** What clients sent and Redis was asked to execute. */
    readonly commands: CommandCounts;
  };
  /** What Redis executed, inner commands of scripts included; undefined where the back end cannot tell. */
  readonly serverCounts: () => Promise<CommandCounts | undefined>;
  readonly resetCounts: () => Promise<void>;
  /** Resolves as soon as Redis answers (again), for instance after a restart. */
  readonly connected: () => Promise<void>;
  /** Decides the fate of every request from now on; `undefined`: all pass. */
  readonly setFault: (hook: RedisFaultHook | undefined) => void;
  readonly close: () => Promise<void>;
};

export type BridgeOptions = {
  /** `redis://[user:password@]host:port[/db]`, `rediss://…`, or the path of a unix socket. */
  readonly redis: string;
  readonly token: string;
  /** 0 (the default): any free one. */
  readonly port?: number | undefined;
  readonly fault?: RedisFaultHook | undefined;
};

const host = "127.0.0.1";
const addressSchema = z.object({ port: z.number() });

/**
 * Listens on 127.0.0.1. While Redis cannot be reached requests are answered 503, and the connection is made anew
 * automatically. Throws when Redis cannot be reached at the start, or the port is taken.
 */
export async function startBridge({
  redis: address,
  token,
  port = 0,
  fault,
}: BridgeOptions): Promise<Bridge> {
  const redis = await connect(address);
  let hook = fault;
  let roundTrips = 0;
  let commands: CommandCounts = {};
  let serverBaseline: CommandCounts = {};

  const app = upstashProtocol({
    redis,
    token,
    onRequest: () => {
      roundTrips += 1;
    },
    onExecute: (executed) => {
      commands = countCommands(
        commands,
        executed.map(([name]) => name),
      );
    },
    decideFault: (request) => hook?.(request) ?? "pass",
  });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  }).catch((cause: unknown) => {
    redis.disconnect();
    throw cause;
  });

  return {
    url: `http://${host}:${addressSchema.parse(server.address()).port}`,
    token,
    counts: () => ({ roundTrips, commands }),
    serverCounts: async () => {
      const counts = await readServerCounts(redis);
      return counts && countsSince(counts, serverBaseline);
    },
    resetCounts: async () => {
      serverBaseline = (await readServerCounts(redis)) ?? {};
      roundTrips = 0;
      commands = {};
    },
    connected: () => untilConnected(redis),
    setFault: (next) => {
      hook = next;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      redis.disconnect();
    },
  };
}

/** One connection that sends nothing twice and keeps nothing for later: a lost command is the caller's to know. */
async function connect(address: string): Promise<Redis> {
  const redis = new Redis(address, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3_000,
    retryStrategy: () => 20,
  });
  let lastError: unknown;
  // Later losses of the connection show as 503; without a listener ioredis would print each attempt.
  redis.on("error", (error) => {
    lastError = error;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new Error("Redis cannot be reached", { cause: lastError ?? error });
  }
}

async function untilConnected(redis: Redis): Promise<void> {
  for (;;) {
    const answered = await redis.ping().then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (redis.status !== "ready") await new Promise<void>((resolve) => redis.once("ready", () => resolve()));
  }
}
