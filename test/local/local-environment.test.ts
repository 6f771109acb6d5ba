import { describe, expect, test } from "vitest";
import { type LocalParts, localEnvironment } from "../../src/local/local-environment.ts";

const key = {
  IMAGEKIT_PRIVATE_KEY: "private_key",
  IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop",
};
const tokens = { PURGE_TOKENS: `a:read:${"0".repeat(64)}` };
const upstash = { UPSTASH_REDIS_REST_URL: "https://eu1.upstash.example", UPSTASH_REDIS_REST_TOKEN: "secret" };
const redis = { REDIS_URL: "redis://127.0.0.1:6379" };
const elsewhere = { IMAGEKIT_API_BASE_URL: "http://127.0.0.1:9000" };

const simulated: LocalParts = {
  imagekit: "simulated",
  redis: { kind: "embedded" },
  tokens: "made",
  port: 8888,
};

describe("what is set is real, each part on its own", () => {
  test.each<[string, Record<string, string | undefined>, Partial<LocalParts>]>([
    ["nothing", {}, {}],
    ["empty values", { PORT: "", REDIS_URL: " ", IMAGEKIT_PRIVATE_KEY: "", PURGE_TOKENS: undefined }, {}],
    ["Upstash alone", upstash, { redis: { kind: "upstash" } }],
    ["a Redis server alone", redis, { redis: { kind: "redis-server", address: redis.REDIS_URL } }],
    [
      "a Redis server with TLS and a password",
      { REDIS_URL: "rediss://:pw@redis.example:6380/2" },
      { redis: { kind: "redis-server", address: "rediss://:pw@redis.example:6380/2" } },
    ],
    [
      "a socket",
      { REDIS_URL: "/run/redis.sock" },
      { redis: { kind: "redis-server", address: "/run/redis.sock" } },
    ],
    ["tokens alone", tokens, { tokens: "given" }],
    ["URL endpoints alone", { IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop" }, {}],
    ["a port", { PORT: "3000" }, { port: 3000 }],
    ["any free port", { PORT: "0" }, { port: 0 }],
    ["an ImageKit elsewhere, on the embedded Redis", { ...key, ...elsewhere }, { imagekit: "elsewhere" }],
    [
      "the real ImageKit on Upstash",
      { ...key, ...upstash },
      { imagekit: "live", redis: { kind: "upstash" } },
    ],
    [
      "the real ImageKit on a Redis server",
      { ...key, ...redis },
      { imagekit: "live", redis: { kind: "redis-server", address: redis.REDIS_URL } },
    ],
    [
      "the real ImageKit, spelled out",
      { ...key, ...upstash, IMAGEKIT_API_BASE_URL: "https://API.imagekit.io.:443/" },
      { imagekit: "live", redis: { kind: "upstash" } },
    ],
    [
      "a look-alike of ImageKit is elsewhere",
      { ...key, IMAGEKIT_API_BASE_URL: "https://api.imagekit.io.example" },
      { imagekit: "elsewhere" },
    ],
  ])("npm start takes each part that is set as real: %s", (_, env, parts) => {
    expect(localEnvironment(env)).toMatchObject({ parts: { ...simulated, ...parts } });
  });

  test("npm start passes other settings on unchanged and drops empty ones", () => {
    const reading = localEnvironment({ PURGE_MONTHLY_QUOTA: "50", PURGE_LEDGER: "", HOME: "/home" });
    expect(reading).toMatchObject({ settings: { PURGE_MONTHLY_QUOTA: "50", HOME: "/home" } });
    expect(reading).not.toHaveProperty("settings.PURGE_LEDGER");
  });
});

test("what npm start and what the service itself find wrong is named in one round", () => {
  const env = {
    ...upstash,
    IMAGEKIT_PRIVATE_KEY: "private_key",
    PORT: "http",
    PURGE_MONTHLY_QUOTA: "many",
    PURGE_TOKENS: "storefront",
    PURGE_SESSION_SECRET: "short",
  };
  expect(localEnvironment(env)).toEqual({
    problems: [
      expect.stringMatching(/^PORT: /),
      "IMAGEKIT_URL_ENDPOINTS: is not set",
      expect.stringMatching(/^PURGE_MONTHLY_QUOTA: /),
      expect.stringMatching(/^PURGE_TOKENS: /),
      expect.stringMatching(/^PURGE_SESSION_SECRET: /),
    ],
  });
});

test("what npm start makes itself is never named as missing", () => {
  expect(localEnvironment({ PURGE_SAFETY_MARGIN: "1000" })).toEqual({
    problems: ["PURGE_SAFETY_MARGIN: must be below PURGE_MONTHLY_QUOTA"],
  });
});

describe("a half-set configuration is refused, and every problem is named", () => {
  test.each<[string, Record<string, string>, readonly RegExp[]]>([
    ["the real ImageKit on the embedded Redis", key, [/forgets at every start what was spent/]],
    [
      "its base URL spelled out, too",
      { ...key, IMAGEKIT_API_BASE_URL: "https://api.imagekit.io" },
      [/forgets at every start what was spent/],
    ],
    ["a base URL without a key", elsewhere, [/IMAGEKIT_PRIVATE_KEY is not/]],
    ["Upstash without a token", { UPSTASH_REDIS_REST_URL: "https://x" }, [/UPSTASH_REDIS_REST_TOKEN is not/]],
    ["Upstash without a URL", { UPSTASH_REDIS_REST_TOKEN: "secret" }, [/UPSTASH_REDIS_REST_URL is not/]],
    ["two ledgers", { ...upstash, ...redis }, [/both set/]],
    ["a Redis address that is none", { REDIS_URL: "localhost:6379" }, [/^REDIS_URL/]],
    ["a Redis address of another protocol", { REDIS_URL: "https://127.0.0.1" }, [/^REDIS_URL/]],
    ["a port that is none", { PORT: "http" }, [/^PORT/]],
    ["a port that is too large", { PORT: "65536" }, [/^PORT/]],
    ["a port in another notation", { PORT: "0x1F90" }, [/^PORT/]],
    [
      "several at once",
      { ...elsewhere, UPSTASH_REDIS_REST_TOKEN: "secret", PORT: "-1" },
      [/IMAGEKIT_PRIVATE_KEY/, /UPSTASH_REDIS_REST_URL/, /^PORT/],
    ],
    [
      "a real key on half of Upstash is one problem, not two",
      { ...key, UPSTASH_REDIS_REST_TOKEN: "secret" },
      [/UPSTASH_REDIS_REST_URL is not/],
    ],
  ])("npm start refuses a half-set configuration and names every problem: %s", (_, env, problems) => {
    expect(localEnvironment(env)).toEqual({
      problems: problems.map((problem) => expect.stringMatching(problem)),
    });
  });

  test("no problem of a half-set configuration shows a value", () => {
    const values = { ...key, ...redis, UPSTASH_REDIS_REST_TOKEN: "tell-nobody", PORT: "tell-nobody" };
    const reading = localEnvironment({ ...values, REDIS_URL: "tell-nobody" });
    expect("problems" in reading && reading.problems).toHaveLength(4);
    expect(JSON.stringify(reading)).not.toMatch(/tell-nobody|private_key/);
  });
});
