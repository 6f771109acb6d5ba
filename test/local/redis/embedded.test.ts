import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../../src/local/redis/embedded.ts";

const servers: EmbeddedRedis[] = [];
let one: Redis;
let other: Redis;
beforeAll(async () => {
  const connect = async () => {
    const server = await startEmbeddedRedis();
    servers.push(server);
    return new Redis(server.address);
  };
  one = await connect();
  other = await connect();
});
afterAll(async () => {
  one.disconnect();
  other.disconnect();
  await Promise.all(servers.map((server) => server.close()));
});

test("a script that runs again gets the keys and arguments of its call", async () => {
  const script = "return { #KEYS, #ARGV, KEYS[1], ARGV[1] }";
  expect(await one.eval(script, 1, "k1", "a1")).toEqual([1, 1, "k1", "a1"]);
  expect(await one.eval(script, 2, "k2", "k3")).toEqual([2, 0, "k2"]);
  const hash = String(await one.script("LOAD", script));
  expect(await one.evalsha(hash, 1, "k4", "a4")).toEqual([1, 1, "k4", "a4"]);
});

test("a script that runs again begins with fresh variables", async () => {
  const script = "local count = 0; local function next() count = count + 1; return count end; return next()";
  expect([await one.eval(script, 0), await one.eval(script, 0)]).toEqual([1, 1]);
});

test("a script works on the server that it was sent to, and others do not know it", async () => {
  const script = "redis.call('SET', KEYS[1], ARGV[1]); return redis.call('GET', KEYS[1])";
  expect(await one.eval(script, 1, "place", "one")).toBe("one");
  expect(await other.eval(script, 1, "place", "other")).toBe("other");
  expect(await one.get("place")).toBe("one");
  const hash = String(await one.script("LOAD", "return 'only here'"));
  await expect(other.evalsha(hash, 0)).rejects.toThrow("NOSCRIPT");
});

test.each([
  "leaked = 1",
  "string.leaked = 1",
  "redis.leaked = 1",
  "rawset(_G, 'leaked', 1)",
  "return leaked",
])("no script shares globals with another: %s fails each time", async (script) => {
  for (let i = 0; i < 2; i++) await expect(one.eval(script, 0)).rejects.toThrow(/readonly|global/);
});

test.each([
  ["does not compile", "local a = 1\nreturn +", "user_script:2: unexpected symbol"],
  ["fails", "local a = 1\nerror('broken')", "user_script:2: broken"],
  ["calls Redis wrongly", "local a = 1\nreturn redis.call('GET')", "wrong number of arguments"],
  ["is bytecode", `return loadstring(string.dump(function() end))()`, "attempt to call a nil value"],
])("a script that %s gives the same error each time", async (_, script, message) => {
  for (let i = 0; i < 2; i++) await expect(one.eval(script, 0)).rejects.toThrow(message);
});

test("the error of a script names the script by its hash", async () => {
  const script = "return redis.call('GET')";
  const hash = createHash("sha1").update(script).digest("hex");
  for (let i = 0; i < 2; i++) await expect(one.eval(script, 0)).rejects.toThrow(`script: ${hash}`);
});

test("scripts are kept, and no script can put another in the place of a kept one", async () => {
  const script = "return 'kept'";
  const hash = createHash("sha1").update(script).digest("hex");
  expect(await one.eval(script, 0)).toBe("kept");
  expect(
    await other.eval(`keptScript('${hash}', "return 'replaced'"); return keptScript('${hash}')`, 0),
  ).toBe("kept");
  expect(await one.eval(script, 0)).toBe("kept");
});
