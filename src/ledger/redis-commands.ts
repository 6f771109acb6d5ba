import type { Redis } from "@upstash/redis/cloudflare";

/** Every command that the ledger sends. The build leaves the client's two hundred others out (src/build/slim-redis.ts). */
export const redisCommands = ["eval", "evalsha", "exists", "mget", "set"] as const;

export type RedisCommands = Pick<Redis, (typeof redisCommands)[number]>;
