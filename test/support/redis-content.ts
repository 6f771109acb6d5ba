import type { Redis } from "ioredis";

/**
 * Everything in a Redis, as comparable text: keys, values, scores, and whether each key expires. It omits when, because
 * tests use a time other than that of Redis.
 */
export async function redisContent(redis: Redis): Promise<Readonly<Record<string, string>>> {
  const content: Record<string, string> = {};
  for (const key of (await redis.keys("*")).sort()) {
    const expires = (await redis.pttl(key)) > 0 ? " (expires)" : "";
    content[key] = JSON.stringify(await readKey(redis, key)) + expires;
  }
  return content;
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return redis.get(key);
    case "hash":
      return Object.entries(await redis.hgetall(key)).sort();
    case "list":
      return redis.lrange(key, 0, -1);
    case "set":
      return (await redis.smembers(key)).sort();
    case "zset":
      return redis.zrange(key, 0, -1, "WITHSCORES");
    default:
      throw new Error(`${key} is a ${type}, which no ledger has`);
  }
}
