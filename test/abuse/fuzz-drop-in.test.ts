import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accepting, environmentOfTests, startApp, type TestApp, tokens } from "../support/app.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { bodiesOf, poisonKeys } from "./bodies.ts";

const path = "/v1/files/purge";
let desk: TestApp;
beforeAll(async () => {
  desk = await startApp({ env: { PURGE_MONTHLY_QUOTA: "10000000" } });
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

const secrets = [
  environmentOfTests["IMAGEKIT_PRIVATE_KEY"] ?? "",
  tokens.admin,
  btoa(tokens.admin).slice(0, 20),
];
const runs = propertyRuns({ all: 700, fast: 100 });

test(`POST ${path} answers ${runs.numRuns} random and mutated bodies as ImageKit would, never with a 500, and each that is accepted costs at most a unit`, async () => {
  let accepted = 0;
  const property = fc.asyncProperty(
    bodiesOf("ImageKitPurge"),
    fc.constantFrom(undefined, "0", "1", "x".repeat(300)),
    async (body, count) => {
      const headers = count === undefined ? {} : { "X-Stainless-Retry-Count": count };
      const answer = await desk.call(path, { method: "POST", token: tokens.admin, body, headers });
      expect(answer.status, body).toBeOneOf([201, 400]);
      for (const inside of [...secrets, "evalsha", "node_modules", ".ts:", "fuzz0123456789secret"]) {
        expect(answer.text, body).not.toContain(inside);
      }
      if (answer.status === 201) accepted += 1;
    },
  );
  await fc.assert(property, { ...runs, endOnFailure: true });
  const { spent, reserved } = (await desk.call("/api/budget", { token: tokens.read })).body;
  expect(spent).toBeGreaterThan(0);
  expect(spent + reserved).toBeLessThanOrEqual(accepted);
  expect(desk.imagekit.purged).toHaveLength(spent);
  for (const line of desk.logged) for (const secret of secrets) expect(line).not.toContain(secret);
}, 600_000);

test.each(poisonKeys)(`POST ${path} takes no URL from the key %j, and changes no prototype`, async (key) => {
  const poison = `{${JSON.stringify(key)}:{"polluted":true,"url":"https://ik.imagekit.io/demo/a.jpg"}}`;
  for (const body of [poison, `{"url":${poison}}`, `[${poison}]`]) {
    const answer = await desk.call(path, { method: "POST", token: tokens.admin, body });
    expect(answer.status, body).toBe(400);
  }
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("whatever stands in the place of an id, and of the key, is answered, and never with a 500", async () => {
  const words = fc
    .string({ unit: "binary", maxLength: 200 })
    .map((text) => encodeURIComponent(text.replace(/\p{Cs}/gu, "")));
  const credentials = fc.base64String({ maxLength: 200 }).map((text) => `Basic ${text}`);
  await fc.assert(
    fc.asyncProperty(words, fc.option(credentials, { nil: undefined }), async (id, authorization) => {
      fc.pre(id !== "" && id !== "." && id !== "..");
      const headers = authorization === undefined ? {} : { Authorization: authorization };
      const answer = await desk.call(`${path}/${id}`, { token: tokens.read, headers });
      expect(answer.status, id).toBeOneOf([400, 401, 403, 429]);
    }),
    { ...propertyRuns({ all: 400, fast: 50 }), endOnFailure: true },
  );
});
