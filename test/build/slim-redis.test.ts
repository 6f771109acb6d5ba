import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { slimRedis } from "../../src/build/slim-redis.ts";
import { redisCommands } from "../../src/ledger/redis-commands.ts";

const folder = new URL("../../node_modules/@upstash/redis/", import.meta.url);
const [chunk = ""] = (await readdir(folder)).filter((name) => /^chunk-\w+\.mjs$/.test(name));
const source = await readFile(new URL(chunk, folder), "utf8");

test("of the client's commands only those that the ledger sends are left", () => {
  const members = [...slimRedis(source).matchAll(/^ {2}(\w+) = \(.*\.exec\(this\.client\);$/gm)];
  expect(members.map(([, name]) => name)).toEqual(redisCommands);
});

test("outside of its class the client is as it was", () => {
  const begin = source.indexOf("var Redis = class {");
  const slim = slimRedis(source);
  expect(slim.slice(0, begin)).toBe(source.slice(0, begin));
  const rest = source.slice(source.indexOf("\n};\n", begin));
  expect(slim.endsWith(rest)).toBe(true);
});

test.each([
  ["another class", "var Redis2 = class {\n};\n", "no class Redis"],
  ["a command that is gone", "var Redis = class {\n  client;\n};\n", "no opts, enableTelemetry"],
])("a client that looks different is refused: %s", (_, changed, message) => {
  expect(() => slimRedis(changed)).toThrow(message);
});
