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
import { bodiesOf, poisonKeys } from "./bodies.ts";

/** 10,000 bodies in all. The seed is printed when one of them is answered wrongly. */
const routes = [
  { path: "/api/plan", schema: "PurgeRequest", bodies: 3_000 },
  { path: "/api/purges", schema: "PurgeRequest", bodies: 5_000 },
  { path: "/api/budget/corrections", schema: "Correction", bodies: 2_000 },
] as const;

/**
 * The value of a parameter called ik-s. Noise can turn that into another name, which is no signature: its value may
 * be shown, also much later, to whoever joins the purge that was accepted with it.
 */
const shownSignature = /(?<![\w./~%-])ik-s=fuzz/i;

let desk: TestApp;
let units = 0;

beforeAll(async () => {
  desk = await startApp({ env: { PURGE_MONTHLY_QUOTA: "10000000" } });
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

/** Whatever was asked: an answer that is described (`call` sees to it), ours, and says nothing of the inside. */
function check(answer: Answer, body: string) {
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

describe.each(routes)("POST $path", ({ path, schema, bodies }) => {
  test(`answers ${bodies} random and mutated bodies as described, never with a 500`, async () => {
    const property = fc.asyncProperty(bodiesOf(schema), async (body) => {
      check(await desk.call(path, { method: "POST", token: tokens.admin, body }), body);
    });
    await fc.assert(property, { numRuns: bodies, endOnFailure: true });
  }, 120_000);

  test.each(poisonKeys)("refuses the key %j at every depth, and no prototype is touched", async (key) => {
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
  });
});

test("what was charged is what was accepted: no refused body cost a unit or reached ImageKit", async () => {
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  expect(units).toBeGreaterThan(100);
  expect(body.spent + body.reserved).toBe(units);
  expect(desk.imagekit.purged).toHaveLength(units);
});

test("no line of the log gave a signature, token or key away, or was longer than a line may be", () => {
  for (const line of desk.logged) {
    expect(line.length).toBeLessThanOrEqual(8_000);
    expect(line).not.toMatch(shownSignature);
    expect(line).not.toMatch(/private_key_of|token-of-the-tests|pd_a{20}|evalsha/i);
  }
});
