import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { redisCommands } from "../ledger/redis-commands.ts";

/** What the client's class is besides its commands. */
const framework = [
  "client",
  "opts",
  "enableTelemetry",
  "enableAutoPipelining",
  "constructor",
  "readYourWritesSyncToken",
  "addTelemetry",
] as const;

/**
 * The Upstash client without the commands that nobody here sends: its class has a member for each, so that a bundler
 * has to keep them all, 67 kB of 76. Throws when the class does not look as it did: then the package was updated, and
 * this is to be looked at.
 */
export function slimRedis(source: string): string {
  const begin = source.indexOf("var Redis = class {\n");
  const end = source.indexOf("\n};\n", begin);
  if (begin === -1 || end === -1) throw new Error("the Upstash client has no class Redis where it was");
  const wanted: readonly string[] = [...framework, ...redisCommands];
  const found = new Set<string>();
  let isKept = true;
  const kept = source
    .slice(begin, end)
    .split("\n")
    .filter((line) => {
      const [, member] = /^ {2}(?:async |get |set )?(\w+)(?=\s*[=(;])/.exec(line) ?? [];
      if (member !== undefined) isKept = wanted.includes(member);
      else if (line.startsWith("  /**")) isKept = false;
      if (isKept && member !== undefined) found.add(member);
      return isKept;
    });
  const missing = wanted.filter((member) => !found.has(member));
  if (missing.length > 0) throw new Error(`the Upstash client's class has no ${missing.join(", ")}`);
  return source.slice(0, begin) + kept.join("\n") + source.slice(end);
}

/** Slims the client while esbuild bundles it. */
export const slimRedisPlugin: Plugin = {
  name: "slim-redis",
  setup(build) {
    build.onLoad({ filter: /[\\/]@upstash[\\/]redis[\\/]chunk-\w+\.mjs$/ }, async ({ path }) => ({
      contents: slimRedis(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
};
