import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { type Bridge, startBridge } from "../../src/local/redis/bridge.ts";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../src/local/redis/embedded.ts";
import { repairLedger } from "../../src/local/repair/repair-ledger.ts";
import { testLedger } from "../support/test-ledger.ts";

let redis: EmbeddedRedis;
let bridge: Bridge;
let raw: Redis;

beforeAll(async () => {
  redis = await startEmbeddedRedis();
  bridge = await startBridge({ redis: redis.address, token: "bridge-token-of-the-tests" });
  raw = new Redis(redis.address);
});
afterAll(async () => {
  raw.disconnect();
  await bridge.close();
  await redis.close();
});

/** The ledger "test" of the real ImageKit, which a repair never calls. */
const live = {
  IMAGEKIT_PRIVATE_KEY: "private_never_used",
  IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop",
  PURGE_LEDGER: "test",
};

async function repaired(env: Readonly<Record<string, string>>): Promise<string> {
  const said: string[] = [];
  await repairLedger(env, (text) => said.push(text));
  return said.join("\n");
}

test.each([
  ["REDIS_URL names", () => ({ REDIS_URL: redis.address })],
  [
    "Upstash's settings name",
    () => ({ UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token }),
  ],
])("a repair puts open purges back into the queues of the ledger that %s", async (_, address) => {
  await raw.flushall();
  const ledger = testLedger(bridge, {}, Date.now());
  const { ids } = await ledger.accept(["a.jpg", "b.jpg"]);
  await raw.del("test:1:send");

  const said = await repaired({ ...live, ...address() });
  expect(said).toContain('the ledger "test" …');
  expect(said).toContain("0 spent, 2 reserved");
  expect(said).toMatch(/^ledger-damaged: /m);
  expect((await raw.zrange("test:1:send", 0, -1)).sort()).toEqual([...ids].sort());
});

test("a repair for a simulated ImageKit says which ledger that is", async () => {
  await raw.flushall();
  expect(await repaired({ REDIS_URL: redis.address })).toContain(
    'the ledger "sandbox", which is that of a simulated ImageKit …',
  );
});

test.each([
  ["no Redis is named", {}, "There is no ledger: neither UPSTASH_REDIS_REST_URL nor REDIS_URL is set"],
  ["nothing listens at REDIS_URL", { REDIS_URL: "redis://127.0.0.1:1" }, "REDIS_URL: no Redis accepts"],
  ["two are named", { REDIS_URL: "redis://127.0.0.1:1", UPSTASH_REDIS_REST_URL: "http://x" }, "are both set"],
])("a repair in which %s ends with a sentence about it", async (_, env, sentence) => {
  const repairing = repaired(env);
  await expect(repairing).rejects.toThrow(CannotStart);
  await expect(repairing).rejects.toThrow(sentence);
});
