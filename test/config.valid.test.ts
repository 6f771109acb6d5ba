import { expect, test } from "vitest";
import { type Environment, readConfig } from "../src/config.ts";

const hash = "ab".repeat(32);
const production: Environment = {
  IMAGEKIT_PRIVATE_KEY: "private_x",
  IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop",
  UPSTASH_REDIS_REST_URL: "https://eu1-x.upstash.io/",
  UPSTASH_REDIS_REST_TOKEN: "AX==",
  PURGE_TOKENS: `storefront:purge:${hash}`,
};

function configOf(change: Environment) {
  const reading = readConfig({ ...production, ...change });
  if ("problems" in reading) throw new Error(reading.problems.join("\n"));
  return reading.config;
}

test("production needs five settings, and the rest has its defaults", () => {
  expect(configOf({})).toEqual({
    imagekit: { privateKey: "private_x", apiBaseUrl: "https://api.imagekit.io", kind: "live" },
    endpoints: [{ host: "ik.imagekit.io", path: "/shop" }],
    ledgerName: "default",
    redis: { url: "https://eu1-x.upstash.io", token: "AX==" },
    tokens: [{ name: "storefront", scopes: ["purge"], sha256: hash }],
    sessionSecret: undefined,
    edgeCheck: "on",
    policy: {
      quota: 1000,
      margin: 0,
      resendUnknown: "once",
      refusedCosts: "nothing",
      timeZone: "UTC",
      resetDay: 1,
      retentionDays: 400,
      sendRate: { perSecond: 5, burst: 20 },
      pollRate: { perSecond: 40, burst: 100 },
      callerRate: { perSecond: 10, burst: 100 },
      repeatLimit: 6,
      callerStorage: { perSecond: 50_000_000 / (30 * 86_400), burst: 50_000_000 },
    },
  });
});

test.each([
  ["https://api.imagekit.io", "live"],
  ["https://API.ImageKit.IO/", "live"],
  ["https://api.imagekit.io.", "live"],
  ["https://api.imagekit.io:443", "live"],
  ["https://api.imagekit.io:8443/v0", "live"],
  ["http://127.0.0.1:4010", "simulated"],
  ["https://api.imagekit.io.example", "simulated"],
  ["https://evil-api.imagekit.io", "simulated"],
])("%s is %s", (base, kind) => {
  expect(configOf({ IMAGEKIT_API_BASE_URL: base }).imagekit.kind).toBe(kind);
});

test("the simulator's ledger is always the sandbox, whatever was named", () => {
  const simulated = { IMAGEKIT_API_BASE_URL: "http://localhost:4010", IMAGEKIT_URL_ENDPOINTS: undefined };
  expect(configOf({ ...simulated, PURGE_LEDGER: "shop" }).ledgerName).toBe("sandbox");
  expect(configOf(simulated).endpoints).toEqual([{ host: "ik.imagekit.io", path: "/demo" }]);
  expect(configOf({ PURGE_LEDGER: "shop-2" }).ledgerName).toBe("shop-2");
});

test("purges are checked at the edge unless that is off", () => {
  expect(configOf({}).edgeCheck).toBe("on");
  expect(configOf({ PURGE_EDGE_CHECK: "off" }).edgeCheck).toBe("off");
});

test("tokens: several, rotated under one name, with blanks around them", () => {
  const other = "CD".repeat(32);
  const { tokens } = configOf({ PURGE_TOKENS: ` cms:read:${hash} , cms:admin+wildcard+read:${other}` });
  expect(tokens).toEqual([
    { name: "cms", scopes: ["read"], sha256: hash },
    { name: "cms", scopes: ["read", "wildcard", "admin"], sha256: other.toLowerCase() },
  ]);
});

test.each<[Environment, object]>([
  [{ PURGE_SEND_RATE: "off" }, { sendRate: "off" }],
  [{ PURGE_SEND_RATE: "10000/s:100000" }, { sendRate: { perSecond: 10_000, burst: 100_000 } }],
  [{ PURGE_SEND_RATE: "0.001/s:1" }, { sendRate: { perSecond: 0.001, burst: 1 } }],
  [{ PURGE_REPEAT_LIMIT: "off" }, { repeatLimit: "off" }],
  [{ PURGE_REPEAT_LIMIT: "100" }, { repeatLimit: 100 }],
  [{ PURGE_POLL_RATE: "0.5/s:1" }, { pollRate: { perSecond: 0.5, burst: 1 } }],
  [{ PURGE_RESEND_UNKNOWN: "never" }, { resendUnknown: "never" }],
  [{ PURGE_REFUSED_COSTS: "true" }, { refusedCosts: "unit" }],
  [{ PURGE_QUOTA_TIME_ZONE: "europe/berlin" }, { timeZone: "Europe/Berlin" }],
  [{ PURGE_QUOTA_RESET_DAY: "31" }, { resetDay: 31 }],
  [
    { PURGE_MONTHLY_QUOTA: "5000", PURGE_SAFETY_MARGIN: "4999" },
    { quota: 5000, margin: 4999 },
  ],
  [{ PURGE_RETENTION_DAYS: " 30 " }, { retentionDays: 30 }],
  [{ PURGE_MONTHLY_QUOTA: "" }, { quota: 1000 }],
])("%j gives %j", (change, policy) => {
  expect(configOf(change).policy).toMatchObject(policy);
});
