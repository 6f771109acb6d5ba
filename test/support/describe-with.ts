import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { findRedisServer } from "../../src/local/redis/real-redis.ts";
import { installedChromium } from "./launch-chromium.ts";

/** A program that some suites need; its name is also the tag of their tests. */
export type NeededProgram = "redis-server" | "chromium" | "deno";

/**
 * A suite that needs a program. If it is not installed, the tests are skipped, or fail if
 * PURGE_DESK_REQUIRE_SYSTEM=1 requires it.
 */
export function describeWith(needed: NeededProgram, name: string, suite: () => void): void {
  const tagged = { tags: [needed] };
  if (isInstalled(needed)) return void describe(name, tagged, suite);
  if (process.env["PURGE_DESK_REQUIRE_SYSTEM"] !== "1") return void describe.skip(name, tagged, suite);
  describe(name, tagged, () => {
    test(`${needed} is installed`, () => {
      expect.fail(`${needed} is not installed, and PURGE_DESK_REQUIRE_SYSTEM=1 says it must be`);
    });
  });
}

export function isInstalled(needed: NeededProgram): boolean {
  switch (needed) {
    case "chromium":
      return installedChromium() !== undefined;
    case "redis-server":
      return findRedisServer() !== undefined;
    case "deno":
      return spawnSync("deno", ["--version"]).status === 0;
  }
}
