/** What every-route.test.ts holds for our API, for the two routes of ImageKit's own. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { isImageKits } from "../../src/build/route-answers.ts";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

let desk: TestApp;
beforeAll(async () => {
  desk = await startApp({ app: { basePath: "/_purge" } });
});
afterAll(async () => {
  expect(desk.imagekit.purged).toEqual([]);
  await desk.close();
});

const rows = descriptions.filter(isImageKits).map(({ route, body }) => ({
  method: route.method.toUpperCase(),
  route: route.path,
  path: route.path.replace(":requestId", "0".repeat(24)),
  scope: route.scope,
  json: body === undefined ? {} : { json: {} },
}));
const tooSmall: Readonly<Record<string, readonly (keyof typeof tokens)[]>> = {
  read: ["wildcard"],
  purge: ["read", "wildcard"],
};

test("both routes of ImageKit's API are in the table, each with a scope", () => {
  expect(rows.map(({ route, scope }) => `${route} ${scope}`)).toEqual([
    "/v1/files/purge purge",
    "/v1/files/purge/:requestId read",
  ]);
});

test.each(rows)("$method $route without a key is ImageKit's 401", async ({ method, path, json }) => {
  const answer = await desk.call(path, { method, ...json });
  const message = "Your request does not contain private API key.";
  expect(answer).toMatchObject({ status: 401, body: { message } });
});

test.each(rows)("$method $route with a wrong key is ImageKit's 403", async ({ method, path, json }) => {
  const answer = await desk.call(path, {
    method,
    ...json,
    token: `pd_${"x".repeat(43)}`,
    platform: { ip: path },
  });
  expect(answer).toMatchObject({ status: 403, body: { message: "Your account cannot be authenticated." } });
});

test.each(rows)(
  "$method $route with too small a scope is ImageKit's 403, which names the right one",
  async (row) => {
    const { method, path, scope, json } = row;
    for (const own of tooSmall[scope] ?? []) {
      const answer = await desk.call(path, { method, ...json, token: tokens[own] });
      expect(answer, own).toMatchObject({
        status: 403,
        body: { help: expect.stringContaining(`lacks the scope ${scope}`) },
      });
    }
  },
);

test.each(rows)(
  "$method $route answers another method with 405 and what is allowed",
  async ({ method, path }) => {
    const answer = await desk.call(path, { method: "PATCH", token: tokens.admin });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")?.split(", ")).toContain(method);
  },
);

test.each(rows)(
  "$method $route answers OPTIONS, and grants no other origin anything",
  async ({ method, path }) => {
    const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": method };
    const answer = await desk.call(path, { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  },
);

test("HEAD for a status is answered as GET is, without a body", async () => {
  const answer = await desk.call(`/v1/files/purge/${"0".repeat(24)}`, { method: "HEAD", token: tokens.read });
  expect(answer).toMatchObject({ status: 400, text: "" });
});

describe("a bad body", () => {
  test.each([
    [413, "application/json", " ".repeat(maxBodyBytes + 1)],
    [415, "text/html", "<p>"],
    [415, "text/plain", "https://ik.imagekit.io/demo/a.jpg"],
    [415, "application/x-www-form-urlencoded", "url=https://ik.imagekit.io/demo/a.jpg"],
    [400, "application/json", "{"],
    [400, "application/json", "\ufffd"],
    [400, "application/json", '{"__proto__":{"url":"https://ik.imagekit.io/demo/a.jpg"}}'],
  ])("a bad body is %i for %s, in ImageKit's shape", async (status, type, body) => {
    const answer = await desk.call("/v1/files/purge", { method: "POST", token: tokens.admin, type, body });
    expect(answer).toMatchObject({ status, body: { help: expect.any(String) } });
  });
});

test.each([
  "/v1",
  "/v1/",
  "/v1/files",
  "/v1/files/purge/",
  "/v1/files/purge/a/b",
  "/v2",
  "/v2/cache/invalidations",
  "/api/v1/files/upload",
  "/api/v2/files/upload",
])("%s is a 404 that says what this base URL serves, for a browser too", async (path) => {
  for (const headers of [{}, { Accept: "text/html" }]) {
    const answer = await desk.call(path, { token: tokens.admin, headers });
    expect(answer).toMatchObject({ status: 404, body: { help: expect.stringContaining("second client") } });
  }
});

test.each(["/v3/files", "/v10", "/api/v3/files/upload"])("%s is a 404 of our own", async (path) => {
  expect((await desk.call(path, { token: tokens.admin })).body.code).toBe("not-found");
});
