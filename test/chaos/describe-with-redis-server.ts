import { describe, expect, test } from "vitest";
import { findRedisServer } from "../../src/local/redis/real-redis.ts";

const { PURGE_DESK_REQUIRE_SYSTEM: required } = process.env;

/** A suite that needs a real redis-server: left out where there is none, unless the environment insists. */
export function describeWithRedisServer(name: string, suite: () => void): void {
  if (findRedisServer() !== undefined) return void describe(name, { timeout: 60_000 }, suite);
  if (required !== "1") console.log(`${name}: redis-server not installed: left out`);
  describe(name, () => {
    test.skipIf(required !== "1")("redis-server is installed", () => {
      expect.fail("redis-server is not on PATH, and PURGE_DESK_REQUIRE_SYSTEM=1 says it must be");
    });
  });
}
