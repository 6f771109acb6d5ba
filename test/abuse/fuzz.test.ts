import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Answer,
  accepting,
  environmentOfTests,
  startApp,
  type TestApp,
  tokens,
} from "../support/app.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { bodiesOf, poisonKeys } from "./bodies.ts";

/** How many bodies each route gets. The seed is printed when one of them is answered wrongly. */
const routes = [
  { path: "/api/plan", schema: "PurgeRequest", runs: propertyRuns({ all: 3_000, fast: 150 }) },
  { path: "/api/purges", schema: "PurgeRequest", runs: propertyRuns({ all: 5_000, fast: 300 }) },
  { path: "/api/budget/corrections", schema: "Correction", runs: propertyRuns({ all: 2_000, fast: 150 }) },
] as const;

/**
 * The value of a parameter called ik-s, after any delimiter, plain or percent-encoded. Noise can turn it into the end of a
 * longer name, which is no signature: its value may be shown, also much later, to whoever joins that purge.
 */
const shownSignature = /(?:(?<![\w./~%-])|(?<=%[\da-f]{2}))ik-s(?:=|%(?:25)*3d)fuzz/i;

test.each(["?ik-s=fuzz1", "&ik-s=fuzz1", "%26ik-s=fuzz1", "%3Fik-s%3Dfuzz1", '"ik-s=fuzz1'])(
  "these tests see the signature in %s",
  (text) => expect(text).toMatch(shownSignature),
);

let desk: TestApp;
let units = 0;
let answers = 0;

beforeAll(async () => {
  desk = await startApp({ env: { PURGE_MONTHLY_QUOTA: "10000000" } });
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

/** Whatever was asked: an answer that is described (`call` sees to it), ours, and says nothing of the inside. */
function check(answer: Answer, body: string) {
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

describe.each(routes)("bodies for $path", ({ path, schema, runs }) => {
  test(`POST ${path} answers ${runs.numRuns} random and mutated bodies as described, never with a 500`, async () => {
    const property = fc.asyncProperty(bodiesOf(schema), async (body) => {
      check(await desk.call(path, { method: "POST", token: tokens.admin, body }), body);
    });
    await fc.assert(property, { ...runs, endOnFailure: true });
  }, 600_000);

  test.each(poisonKeys)(
    `POST ${path} refuses the key %j at every depth, and no prototype is touched`,
    async (key) => {
      const poison = `{${JSON.stringify(key)}:{"polluted":true,"external":1,"urls":["https://ik.imagekit.io/demo/a.jpg"]}}`;
      for (const body of [
        poison,
        `{"urls":[${poison}]}`,
        `{"urls":["https://ik.imagekit.io/demo/a.jpg"],"external":1,${poison.slice(1)}`,
        `{"urls":["https://ik.imagekit.io/demo/a.jpg"],"external":1,"reason":${poison}}`,
        `[${poison}]`,
      ]) {
        const answer = await desk.call(path, { method: "POST", token: tokens.admin, body });
        expect(answer, body).toMatchObject({ status: 422, body: { code: "invalid-body" } });
      }
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    },
  );
});

test("what was charged is what was accepted: no refused body cost a unit or reached ImageKit", async () => {
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  expect(units).toBeGreaterThan(20);
  expect(body.spent + body.reserved).toBe(units);
  expect(desk.imagekit.purged).toHaveLength(units);
});

test("no line of the log gave a signature, token or key away, or was longer than a line may be", () => {
  expect(desk.logged.length).toBeGreaterThan(answers);
  for (const line of desk.logged) {
    expect(line.length).toBeLessThanOrEqual(8_000);
    expect(line).not.toMatch(shownSignature);
    expect(line).not.toMatch(/private_key_of|token-of-the-tests|pd_a{20}|evalsha/i);
  }
});
