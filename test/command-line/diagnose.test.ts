import { afterAll, beforeAll, expect, test } from "vitest";
import { diagnose } from "../../src/command-line/diagnose.ts";
import type { Environment } from "../../src/config.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { sessionSecret } from "../dashboard/session.ts";
import { environmentOfTests, tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

let served: ServedDesk;
let imagekit: SimulatedImageKit;
let settings: Environment;

beforeAll(async () => {
  [served, imagekit] = await Promise.all([serveDesk(), startSimulatedImageKit()]);
  settings = {
    ...environmentOfTests,
    ...sessionSecret,
    IMAGEKIT_API_BASE_URL: imagekit.url,
    IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
    UPSTASH_REDIS_REST_URL: served.redis.url,
    UPSTASH_REDIS_REST_TOKEN: served.redis.token,
    PURGE_DESK_URL: served.url,
    PURGE_DESK_TOKEN: tokens.read,
  };
});
afterAll(async () => {
  await Promise.all([served?.close(), imagekit?.close()]);
});

const found = async (changed: Environment = {}) => {
  const findings = await diagnose({ ...settings, ...changed });
  return findings.map(({ name, status, message }) => `${status} ${name}: ${message}`);
};

test("the doctor finds settings, ledger, clock, ImageKit's key and the service in order, and spends nothing", async () => {
  await served.call("/api/budget", { token: tokens.read });
  await served.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: ["https://ik.imagekit.io/demo/a.jpg"] },
  });
  const before = imagekit.arrivals().filter(({ endpoint }) => endpoint === "send").length;
  const findings = await found();
  expect(findings.filter((each) => !each.startsWith("ok") && !each.includes("accounted"))).toEqual([]);
  expect(findings.join("\n")).toMatch(/"sandbox": 999 of 1000 units are left/);
  expect(findings.join("\n")).toMatch(/ImageKit: accepts the key \(a simulator\)/);
  expect(imagekit.arrivals().filter(({ endpoint }) => endpoint === "send")).toHaveLength(before);
});

test("the doctor says what Redis refuses, such as a script of a token that may only read", async () => {
  const json = { urls: ["https://ik.imagekit.io/demo/b.jpg"] };
  await served.call("/api/purges", { method: "POST", token: tokens.purge, json });
  const refused = "NOPERM this user has no permissions to run the 'evalsha' command";
  served.redis.bridge.setFault(({ commands }) =>
    commands[0]?.[0]?.startsWith("EVAL") ? { refused } : "pass",
  );
  const findings = await found();
  served.redis.bridge.setFault(undefined);
  expect(findings.find((each) => each.includes("ledger:"))).toMatch(/^unavailable ledger: .*NOPERM/);
});

test("the doctor makes no ledger where there is none", async () => {
  await served.redis.flush();
  expect((await found()).join("\n")).toContain('it has no ledger "sandbox" yet');
  expect(await served.redis.raw.keys("*ledger")).toEqual([]);
});

test.each([
  [
    "a key that ImageKit refuses",
    { IMAGEKIT_PRIVATE_KEY: "private_wrong" },
    /^fail ImageKit: refuses the key: 40[13]/,
  ],
  ["a Redis that is not there", { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" }, /^unavailable ledger: /],
  ["a setting that is wrong", { PURGE_MONTHLY_QUOTA: "many" }, /^fail settings: PURGE_MONTHLY_QUOTA: /],
  [
    "a secret for the dashboard's sessions that is missing",
    { PURGE_SESSION_SECRET: " " },
    /^fail settings: PURGE_SESSION_SECRET: is not set$/,
  ],
  ["a setting that is misspelt", { PURGE_MONTHLY_QOUTA: "10" }, /^warn settings: PURGE_MONTHLY_QOUTA/],
  ["a token that is not known", { PURGE_DESK_TOKEN: "pd_wrong" }, /^fail Purge Desk: unauthorized/],
  [
    "a service that is not there",
    { PURGE_DESK_URL: "http://127.0.0.1:1" },
    /^unavailable Purge Desk: unreachable/,
  ],
])("the doctor names %s, and shows no secret", async (_, changed, expected) => {
  const findings = await found(changed);
  expect(findings.filter((each) => expected.test(each))).toHaveLength(1);
  expect(findings.join("\n")).not.toMatch(/private_wrong|pd_wrong|bridge-token/);
});

test.each([
  ["warn", 10_000, "this machine is 10.0 s ahead of Redis"],
  ["fail", -120_000, "this machine is 120.0 s behind Redis"],
])("the doctor says %s for a clock that is off by %i ms", async (status, offMs, message) => {
  const findings = await diagnose(settings, { now: () => Date.now() + offMs });
  const clock = findings.find(({ name }) => name === "clock");
  expect(clock).toMatchObject({
    status,
    message: expect.stringMatching(message.replace(/\.0 s/, "\\.\\d s")),
  });
});

test("the doctor names everything that an empty project lacks, and says what it did not look at", async () => {
  const findings = await diagnose({});
  expect(findings.map(({ name, status, message }) => `${status} ${name}: ${message}`)).toEqual([
    "fail settings: IMAGEKIT_URL_ENDPOINTS: is not set",
    "fail settings: IMAGEKIT_PRIVATE_KEY: is not set",
    "fail settings: UPSTASH_REDIS_REST_URL: is not set",
    "fail settings: UPSTASH_REDIS_REST_TOKEN: is not set",
    "fail settings: PURGE_TOKENS: is not set",
    "fail settings: PURGE_SESSION_SECRET: is not set",
    "left-out ledger: not looked at: the settings must be right first",
    "left-out clock: not looked at: the settings must be right first",
    "left-out ImageKit: not looked at: the settings must be right first",
    "left-out Purge Desk: not asked: PURGE_DESK_URL is not set",
  ]);
});

test("the doctor names a misspelt setting beside the one that is missing because of it", async () => {
  const findings = await found({ PURGE_TOKENS: "", PURGE_TOKEN: "x" });
  expect(findings.filter((each) => each.includes("settings:"))).toEqual([
    "fail settings: PURGE_TOKENS: is not set",
    "warn settings: PURGE_TOKEN: is not a setting and has no effect. Did you mean PURGE_TOKENS?",
  ]);
});

test("the doctor looks at ledger and ImageKit although the secret for sessions is missing", async () => {
  const findings = await found({ PURGE_SESSION_SECRET: "" });
  expect(findings.filter((each) => /^ok (ledger|clock|ImageKit):/.test(each))).toHaveLength(3);
});

test.each<[string, Environment]>([
  ["nothing else", {}],
  [
    "ImageKit's key and a Redis of its own",
    { IMAGEKIT_PRIVATE_KEY: "private_x", UPSTASH_REDIS_REST_URL: "x" },
  ],
  ["ImageKit's URL endpoint, as its SDKs read it", { IMAGEKIT_URL_ENDPOINT: "https://ik.imagekit.io/demo" }],
])("of a caller that has %s the doctor looks at Purge Desk alone", async (_, more) => {
  const { PURGE_DESK_URL, PURGE_DESK_TOKEN } = settings;
  const findings = await diagnose({ PURGE_DESK_URL, PURGE_DESK_TOKEN, ...more });
  expect(findings.map(({ name, status }) => `${status} ${name}`)).toEqual([
    "left-out settings",
    "left-out ledger",
    "left-out clock",
    "left-out ImageKit",
    "ok Purge Desk",
  ]);
});

test.each(["PURGE_TOKENS", "PURGE_TOKEN", "IMAGEKIT_URL_ENDPOINTS"])(
  "settings with %s are a deployment's, also beside a caller's",
  async (name) => {
    const { PURGE_DESK_URL, PURGE_DESK_TOKEN } = settings;
    const findings = await diagnose({ PURGE_DESK_URL, PURGE_DESK_TOKEN, [name]: "x" });
    expect(findings.filter(({ status }) => status === "fail").length).toBeGreaterThan(3);
  },
);
