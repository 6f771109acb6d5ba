import { describe, expect, test } from "vitest";
import { describeProblems, type Environment, readConfig } from "../src/config.ts";

const hash = "ab".repeat(32);
const production: Environment = {
  IMAGEKIT_PRIVATE_KEY: "private_x",
  IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop",
  UPSTASH_REDIS_REST_URL: "https://eu1-x.upstash.io",
  UPSTASH_REDIS_REST_TOKEN: "AX==",
  PURGE_TOKENS: `storefront:purge:${hash}`,
};

function problemsOf(change: Environment): readonly string[] {
  const reading = readConfig({ ...production, ...change });
  return "problems" in reading ? reading.problems : [];
}

test("an empty environment is told all five settings at once", () => {
  const reading = readConfig({});
  if (!("problems" in reading)) throw new Error("it was taken");
  expect(reading.problems).toEqual([
    "IMAGEKIT_URL_ENDPOINTS: is not set",
    "IMAGEKIT_PRIVATE_KEY: is not set",
    "UPSTASH_REDIS_REST_URL: is not set",
    "UPSTASH_REDIS_REST_TOKEN: is not set",
    "PURGE_TOKENS: is not set",
  ]);
  const message = describeProblems(reading.problems);
  expect(message).toMatch(/^5 settings are missing or wrong:\n {2}- /);
});

describe("refused, each with its name", () => {
  test.each<[string, string]>([
    ["IMAGEKIT_API_BASE_URL", "api.imagekit.io"],
    ["IMAGEKIT_API_BASE_URL", "ftp://api.imagekit.io"],
    ["IMAGEKIT_API_BASE_URL", "http://api.imagekit.io"],
    ["IMAGEKIT_API_BASE_URL", "https://user:word@api.imagekit.io"],
    ["IMAGEKIT_API_BASE_URL", "https://api.imagekit.io/?a"],
    ["IMAGEKIT_PRIVATE_KEY", "private:x"],
    ["IMAGEKIT_PRIVATE_KEY", "private x"],
    ["IMAGEKIT_URL_ENDPOINTS", "https://ik.imagekit.io/shop,,"],
    ["IMAGEKIT_URL_ENDPOINTS", "ik.imagekit.io/shop"],
    ["UPSTASH_REDIS_REST_URL", "redis://localhost:6379"],
    ["UPSTASH_REDIS_REST_TOKEN", "a b"],
    ["PURGE_LEDGER", "Shop"],
    ["PURGE_LEDGER", "sandbox"],
    ["PURGE_LEDGER", "a".repeat(33)],
    ["PURGE_TOKENS", "storefront"],
    ["PURGE_TOKENS", `storefront:purge:${hash},`],
    ["PURGE_TOKENS", `Storefront:purge:${hash}`],
    ["PURGE_TOKENS", `:purge:${hash}`],
    ["PURGE_TOKENS", `shop::${hash}`],
    ["PURGE_TOKENS", `shop:write:${hash}`],
    ["PURGE_TOKENS", `shop:read+read:${hash}`],
    ["PURGE_TOKENS", `shop:read:${hash.slice(1)}`],
    ["PURGE_TOKENS", `shop:read:${hash}:x`],
    ["PURGE_TOKENS", `shop:read:${hash},cms:admin:${hash.toUpperCase()}`],
    ["PURGE_SESSION_SECRET", "short"],
    ["PURGE_RESEND_UNKNOWN", "twice"],
    ["PURGE_REFUSED_COSTS", "yes"],
    ["PURGE_MONTHLY_QUOTA", "0"],
    ["PURGE_MONTHLY_QUOTA", "1e3"],
    ["PURGE_MONTHLY_QUOTA", "-5"],
    ["PURGE_MONTHLY_QUOTA", "10000001"],
    ["PURGE_MONTHLY_QUOTA", "1".repeat(310)],
    ["PURGE_SAFETY_MARGIN", "1".repeat(310)],
    ["PURGE_RETENTION_DAYS", "3651"],
    ["PURGE_RETENTION_DAYS", "1".repeat(310)],
    ["PURGE_QUOTA_RESET_DAY", "1".repeat(310)],
    ["PURGE_SAFETY_MARGIN", "1000"],
    ["PURGE_EDGE_CHECK", "yes"],
    ["PURGE_SEND_RATE", "5"],
    ["PURGE_SEND_RATE", "0/s:5"],
    ["PURGE_SEND_RATE", "5/s:0"],
    ["PURGE_SEND_RATE", "5/s:1.5"],
    ["PURGE_SEND_RATE", "Infinity/s:5"],
    ["PURGE_SEND_RATE", `${"1".repeat(310)}/s:20`],
    ["PURGE_SEND_RATE", `5/s:${"1".repeat(310)}`],
    ["PURGE_SEND_RATE", `0.${"0".repeat(330)}1/s:20`],
    ["PURGE_SEND_RATE", "10001/s:20"],
    ["PURGE_SEND_RATE", "5/s:100001"],
    ["PURGE_POLL_RATE", "0.0009/s:1"],
    ["PURGE_CALLER_RATE", `${"9".repeat(20)}/s:1`],
    ["PURGE_POLL_RATE", "5/m:5"],
    ["PURGE_REPEAT_LIMIT", "0"],
    ["PURGE_REPEAT_LIMIT", "101"],
    ["PURGE_REPEAT_LIMIT", "none"],
    ["PURGE_QUOTA_TIME_ZONE", "Mars/Olympus"],
    ["PURGE_QUOTA_TIME_ZONE", "+02:00"],
    ["PURGE_QUOTA_RESET_DAY", "32"],
    ["PURGE_QUOTA_RESET_DAY", "0"],
    ["PURGE_RETENTION_DAYS", "0"],
  ])("the setting %s=%s is refused by its name", (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(`${name}: `)).toBe(true);
  });
});

test.each<[string, string, number]>([
  ["IMAGEKIT_PRIVATE_KEY", "k", 1_000],
  ["IMAGEKIT_API_BASE_URL", "https://x.test/", 1_000],
  ["UPSTASH_REDIS_REST_URL", "https://x.test/", 1_000],
  ["UPSTASH_REDIS_REST_TOKEN", "t", 1_000],
  ["PURGE_SESSION_SECRET", "s", 1_000],
  ["PURGE_QUOTA_TIME_ZONE", "UTC", 1_000],
  ["PURGE_TOKENS", "shop:read:", 32_000],
  ["IMAGEKIT_URL_ENDPOINTS", "https://ik.imagekit.io/", 32_000],
])("%s longer than anybody needs is told its limit", (name, start, longest) => {
  expect(problemsOf({ [name]: start.padEnd(longest + 1, "a") })).toEqual([
    `${name}: must have at most ${longest} characters`,
  ]);
});

test("a token put where its hash belongs is recognised, and not repeated", () => {
  const token = `pd_${"s".repeat(43)}`;
  const [problem] = problemsOf({ PURGE_TOKENS: `shop:read:${token}` });
  expect(problem).toContain("use its SHA-256 hash");
  expect(problem).not.toContain(token);
});

test("no message repeats a value", () => {
  const secret = "s3cr3t-value";
  const problems = problemsOf({
    IMAGEKIT_API_BASE_URL: `${secret}://x`,
    IMAGEKIT_PRIVATE_KEY: `${secret}:`,
    IMAGEKIT_URL_ENDPOINTS: `https://u:${secret}@ik.imagekit.io/shop`,
    UPSTASH_REDIS_REST_URL: `https://default:${secret}@x.upstash.io`,
    UPSTASH_REDIS_REST_TOKEN: `${secret} ${secret}`,
    PURGE_TOKENS: `${secret}:${secret}:${secret}`,
    PURGE_SESSION_SECRET: secret,
  });
  expect(problems).toHaveLength(7);
  expect(problems.join("\n")).not.toContain(secret);
});
