import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  accepting,
  type CheckedAnswer,
  environmentOfTests,
  startApp,
  type TestApp,
  tokens,
} from "../support/app.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { bodiesOf, poisonKeys } from "./bodies.ts";

/** How many bodies each route gets. If one gets a wrong answer, the seed is printed. */
const routes = [
  { path: "/api/plan", schema: "PlanRequest", runs: propertyRuns({ all: 1_000, fast: 150 }) },
  { path: "/api/purges", schema: "PurgeRequest", runs: propertyRuns({ all: 1_500, fast: 300 }) },
  {
    path: "/api/profiles/shop",
    method: "PUT",
    schema: "Profile",
    runs: propertyRuns({ all: 700, fast: 150 }),
  },
  { path: "/api/budget/corrections", schema: "Correction", runs: propertyRuns({ all: 700, fast: 150 }) },
] as const;

/**
 * The value of a parameter called ik-s, after any delimiter, plain or percent-encoded. A mutation can make it the end of a
 * longer name. That is not a signature: its value may be shown, even much later, to anyone who joins that purge.
 */
const shownSignature = /(?:(?<![\w./~%-])|(?<=%[\da-f]{2}))ik-s(?:=|%(?:25)*3d)fuzz/i;

test.each(["?ik-s=fuzz1", "&ik-s=fuzz1", "%26ik-s=fuzz1", "%3Fik-s%3Dfuzz1", '"ik-s=fuzz1'])(
  "the pattern of the fuzz tests finds the signature in %s",
  (text) => expect(text).toMatch(shownSignature),
);

/** What is wrong in no part: one body in ten, so that others are charged beside what was accepted. */
const plainRequest = fc
  .nat(1_000_000_000)
  .map((n) => JSON.stringify({ urls: [`https://ik.imagekit.io/demo/plain/${n}.jpg`] }));

let desk: TestApp;
let units = 0;
let answers = 0;

beforeAll(async () => {
  desk = await startApp({ env: { PURGE_MONTHLY_QUOTA: "10000000" } });
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

/** Every answer is described in the document (`call` checks it), has our format, and reveals no internals. */
function check(answer: CheckedAnswer, body: string) {
  answers += 1;
  expect(answer.status, body).toBeLessThan(500);
  for (const inside of [
    environmentOfTests["IMAGEKIT_PRIVATE_KEY"] ?? "",
    environmentOfTests["UPSTASH_REDIS_REST_TOKEN"] ?? "",
    tokens.admin,
    "evalsha",
    "node_modules",
    ".ts:",
  ]) {
    expect(answer.text, body).not.toContain(inside);
  }
  expect(answer.text, body).not.toMatch(shownSignature);
  if (answer.status === 202) units += answer.body.units;
}

describe.each(routes)("bodies for $path", ({ path, schema, runs, ...route }) => {
  const method = "method" in route ? route.method : "POST";
  test(`${method} ${path} answers ${runs.numRuns} random and mutated bodies as described, never with a 500`, async () => {
    const bodies = fc.oneof(
      { weight: 9, arbitrary: bodiesOf(schema) },
      { weight: 1, arbitrary: plainRequest },
    );
    const property = fc.asyncProperty(bodies, async (body) => {
      check(await desk.call(path, { method, token: tokens.admin, body }), body);
    });
    await fc.assert(property, { ...runs, endOnFailure: true });
  }, 600_000);

  test.each(poisonKeys)(
    `${method} ${path} refuses the key %j at every depth and changes no prototype`,
    async (key) => {
      const poison = `{${JSON.stringify(key)}:{"polluted":true,"external":1,"urls":["https://ik.imagekit.io/demo/a.jpg"]}}`;
      for (const body of [
        poison,
        `{"urls":[${poison}]}`,
        `{"urls":["https://ik.imagekit.io/demo/a.jpg"],"external":1,${poison.slice(1)}`,
        `{"urls":["https://ik.imagekit.io/demo/a.jpg"],"external":1,"reason":${poison}}`,
        `[${poison}]`,
      ]) {
        const answer = await desk.call(path, { method, token: tokens.admin, body });
        expect(answer, body).toMatchObject({ status: 422, body: { code: "invalid-body" } });
      }
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    },
  );
});

test("fuzzed bodies are charged exactly as accepted: no refused one costs a unit or reaches ImageKit", async () => {
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  // Every twentieth body at the least.
  expect(units).toBeGreaterThan(routes[1].runs.numRuns / 20);
  // A correction may have left less than what is scheduled needs: that is held, without a unit, until there is more.
  expect(body.spent + body.reserved + body.held).toBe(units);
  // What settles is sent later.
  expect(desk.imagekit.purged).toHaveLength(body.spent);
});

test("no log line about a fuzzed body contains a signature, token or key, or is longer than 8,000 characters", () => {
  expect(desk.logged.length).toBeGreaterThan(answers);
  for (const line of desk.logged) {
    expect(line.length).toBeLessThanOrEqual(8_000);
    expect(line).not.toMatch(shownSignature);
    expect(line).not.toMatch(/private_key_of|token-of-the-tests|pd_a{20}|evalsha/i);
  }
});
