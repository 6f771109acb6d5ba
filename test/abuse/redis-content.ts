import type { Redis } from "ioredis";

/** Everything that a Redis holds, names of keys included, as one text. */
export async function redisContent(redis: Redis): Promise<string> {
  const keys = await redis.keys("*");
  const values = await Promise.all(keys.map(async (key) => valueAt(redis, key, await redis.type(key))));
  return [...keys, ...values.map((value) => JSON.stringify(value))].join("\n");
}

function valueAt(redis: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "list":
      return redis.lrange(key, 0, -1);
    case "set":
      return redis.smembers(key);
    case "zset":
      return redis.zrange(key, 0, -1);
    default:
      throw new Error(`${key} is a ${type}`);
  }
}
