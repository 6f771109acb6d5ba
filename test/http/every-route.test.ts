import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { isImageKits } from "../../src/build/route-answers.ts";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

const unknownId = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";
const unknownToken = `pd_${"x".repeat(43)}`;
/** Each wrong token comes from an address of its own: ten from one are answered otherwise. */
let strangers = 0;
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp();
});
afterAll(async () => {
  expect(desk.imagekit.purged).toEqual([]);
  await desk.close();
});

/** Those of ImageKit's own API have errors and credentials of their own: every-drop-in-route.test.ts. */
const rows = descriptions
  .filter((one) => !isImageKits(one))
  .map(({ route, body }) => ({
    method: route.method.toUpperCase(),
    route: route.path,
    path: route.path.replace(":id", unknownId).replace(":name", "shop"),
    scope: route.scope,
    takesJson: body !== undefined && body.schema !== "Text",
    json: body === undefined ? {} : { json: {} },
  }));
const tooSmall = {
  none: [],
  read: ["wildcard"],
  purge: ["read", "wildcard"],
  wildcard: ["read"],
  admin: ["read", "purge", "wildcard"],
} as const;

const withToken = rows.filter(({ scope }) => scope !== "none");
const checkingTokens = rows.filter(({ path, scope }) => scope !== "none" || path === "/api/health");
const withJson = rows.filter(({ takesJson }) => takesJson);
const reads = rows.filter(({ method }) => method === "GET");

test.each(withToken)("$method $route without a token is 401 and says how to come in", async (row) => {
  const { method, path, json } = row;
  const answer = await desk.call(path, { method, ...json });
  expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  expect(answer.headers.get("WWW-Authenticate")).toBe('Bearer realm="purge-desk"');
});

test.each(withToken)("$method $route with too small a scope is 403 and names the right one", async (row) => {
  const { method, path, scope, json } = row;
  for (const own of tooSmall[scope]) {
    const answer = await desk.call(path, { method, ...json, token: tokens[own] });
    expect(answer, own).toMatchObject({ status: 403, body: { code: "forbidden", scope } });
  }
});

describe.each([
  ["a garbled token", "Bearer"],
  ["another scheme", "Basic cmVhZDpyZWFk"],
  ["two tokens at once", `Bearer ${tokens.admin}, Bearer ${tokens.admin}`],
  ["an unknown token", `Bearer ${unknownToken}`],
  ["a hash for a token", `Bearer ${"a".repeat(64)}`],
  ["a token of 10,000 characters", `Bearer pd_${"x".repeat(10_000)}`],
  ["a token in another case", `Bearer ${tokens.admin.toUpperCase()}`],
])("with %s", (what, authorization) => {
  test.each(checkingTokens)(`$method $route with ${what} is 401`, async ({ method, path, json }) => {
    const platform = { ip: `stranger ${++strangers}` };
    const headers = { Authorization: authorization };
    const answer = await desk.call(path, { method, ...json, headers, platform });
    expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect(answer.headers.get("WWW-Authenticate")).toContain("invalid_token");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });
});

describe.each([
  [413, "body-too-large", "application/json", " ".repeat(maxBodyBytes + 1)],
  [415, "unsupported-media-type", "text/html", "<p>"],
  [400, "malformed-json", "application/json", "{"],
  [422, "invalid-body", "application/json", '{"unknown":1}'],
  [
    422,
    "invalid-body",
    "application/json",
    '{"__proto__":{"urls":["x"],"external":1,"paths":["/"],"endpoints":["x"]}}',
  ],
])("a bad body is %i %s", (status, code, type, body) => {
  test.each(withJson)(
    `$method $route answers ${status} ${code} to ${body.slice(0, 40).trim()}`,
    async (row) => {
      const { method, path } = row;
      const answer = await desk.call(path, { method, token: tokens.admin, type, body });
      expect(answer).toMatchObject({ status, body: { code } });
    },
  );
});

test.each(rows)("$method $route answers another method with 405 and what is allowed", async (row) => {
  const answer = await desk.call(row.path, { method: "PATCH", token: tokens.admin });
  expect(answer).toMatchObject({ status: 405, body: { code: "method-not-allowed" } });
  expect(answer.headers.get("Allow")?.split(", ")).toContain(row.method);
});

test.each(rows)("$method $route answers OPTIONS, and grants no other origin anything", async (row) => {
  const { method, path } = row;
  const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": method };
  const answer = await desk.call(path, { method: "OPTIONS", headers });
  expect(answer.status).toBe(204);
  expect(answer.headers.get("Allow")).toContain(method);
  const granted = [...answer.headers.keys()].filter((name) => name.startsWith("access-control"));
  expect(granted).toEqual([]);
});

test.each(reads)("HEAD $route answers as GET does, without a body", async ({ path }) => {
  const get = await desk.call(path, { token: tokens.read });
  const head = await desk.call(path, { method: "HEAD", token: tokens.read });
  expect(head.status).toBe(get.status);
  expect(head.text).toBe("");
});

test.each([
  ["/nowhere"],
  ["/api"],
  ["/api/"],
  ["/api/plan/"],
  ["/api/../etc/passwd"],
  ["//api/plan"],
  ["/.env"],
])("%s is a 404 with the security headers", async (path) => {
  expect(await desk.call(path, { token: tokens.admin })).toMatchObject({
    status: 404,
    body: { code: "not-found" },
  });
});

test.each(["/api/plan/", "/api/purges/", "/api/health/"])(
  "the 404 of %s names its final slash",
  async (path) => {
    expect((await desk.call(path, { token: tokens.admin })).body.detail).toContain("omit the final one");
    expect((await desk.call("/nowhere", { token: tokens.admin })).body.detail).not.toContain("final");
  },
);

test("a token with the scope purge may read, a token with only wildcard may not", async () => {
  expect((await desk.call("/api/budget", { token: tokens.purge })).status).toBe(200);
  expect((await desk.call("/api/budget", { token: tokens.wildcard })).status).toBe(403);
});

describe("with a purge that is held because the budget is exhausted", () => {
  const line = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"], onExhausted: "hold" };
  const profile = { paths: ["/"], endpoints: ["https://ik.imagekit.io/demo"] };
  const bodies = {
    PlanRequest: { json: line },
    PurgeRequest: { json: line },
    Correction: { json: { external: 1_000 } },
    Profile: { json: profile },
    ImageKitPurge: { json: { url: line.urls[0] } },
    Text: { body: line.urls[0] ?? "", type: "text/plain" },
  } as const;
  /** Resend and close are for purges whose outcome is unknown, and are refused for that reason only. */
  const statuses: Readonly<Record<string, number>> = {
    submitPurges: 202,
    correctBudget: 201,
    putProfile: 201,
    deleteProfile: 204,
    resendPurge: 409,
    closePurge: 409,
    // It joins the purge that is held.
    dropInPurge: 201,
    dropInStatus: 400,
  };

  test.each(descriptions)("$route.method $route.path lets an admin in", async (description) => {
    const admin = { method: "POST", token: tokens.admin };
    await desk.call("/api/budget/corrections", { ...admin, ...bodies.Correction });
    const { body: batch } = await desk.call("/api/purges", { ...admin, json: line });
    const { route, body, operationId } = description;
    const id = route.path.includes("batches") ? batch.id : batch.purges[0].id;
    const answer = await desk.call(
      route.path.replace(":id", id).replace(":name", "shop").replace(":requestId", "0".repeat(24)),
      {
        method: route.method.toUpperCase(),
        token: tokens.admin,
        headers: operationId === "deleteProfile" ? { "If-Match": "*" } : {},
        ...(body !== undefined && bodies[body.schema]),
      },
    );
    expect(answer.status).toBe(statuses[operationId] ?? 200);
  });
});
