import type { RedisBackend } from "./ledger-backends.ts";

/** What a failover to an older replica does: all keys as they were when this was called. */
export async function remember({ raw }: RedisBackend): Promise<() => Promise<void>> {
  const keys = await raw.keys("*");
  const saved: (() => Promise<unknown>)[] = [];
  for (const key of keys) {
    const ttl = Math.max(0, await raw.pttl(key));
    const type = await raw.type(key);
    if (type === "string") {
      const value = (await raw.get(key)) ?? "";
      saved.push(() => (ttl > 0 ? raw.set(key, value, "PX", ttl) : raw.set(key, value)));
    } else if (type === "hash") {
      const value = await raw.hgetall(key);
      saved.push(() => raw.hset(key, value));
    } else if (type === "zset") {
      const value = await raw.zrange(key, 0, -1, "WITHSCORES");
      const pairs = value.flatMap((member, i) => (i % 2 === 0 ? [value[i + 1] ?? "", member] : []));
      saved.push(() => raw.zadd(key, ...pairs));
    } else if (type === "set") {
      const value = await raw.smembers(key);
      saved.push(() => raw.sadd(key, ...value));
    } else {
      const value = await raw.lrange(key, 0, -1);
      saved.push(() => raw.rpush(key, ...value));
    }
    if (type !== "string" && ttl > 0) saved.push(() => raw.pexpire(key, ttl));
  }
  return async () => {
    await raw.flushall();
    for (const restore of saved) await restore();
  };
}
