import { createRedisMock } from "js-redis-server";

/** An in-process Redis; `address` is what the bridge and ioredis take. Nothing survives `close`. */
export type EmbeddedRedis = { readonly address: string; readonly close: () => Promise<void> };

/**
 * Starts the embedded Redis on a free loopback port. It speaks the dialect of Redis 7.0, the oldest server the
 * ledger is tested on, so that nothing newer slips into a script unseen.
 */
export async function startEmbeddedRedis(): Promise<EmbeddedRedis> {
  const server = await createRedisMock({ compatibility: "redis-7.0" });
  return { address: server.url, close: () => server.close() };
}
