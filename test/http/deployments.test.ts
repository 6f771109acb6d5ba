import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { problems } from "../../src/http/answers/problem.ts";
import { createMisconfiguredApp } from "../../src/http/app.ts";
import { securityHeaders } from "../../src/http/middleware/security-headers.ts";
import { runSweep } from "../../src/http/run-sweep.ts";
import type { Log } from "../../src/log.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { isOfImageKitsApi } from "../support/imagekit-answer.ts";

const deploys = [
  { name: "the published production deploy", deploy: { context: "production", published: true }, live: true },
  { name: "an old production deploy", deploy: { context: "production", published: false }, live: false },
  { name: "a deploy preview", deploy: { context: "deploy-preview", published: false }, live: false },
  { name: "a branch deploy", deploy: { context: "branch-deploy", published: false }, live: false },
  {
    name: "a branch deploy said to be published",
    deploy: { context: "branch-deploy", published: true },
    live: false,
  },
  { name: "the local emulator", deploy: { context: "dev", published: false }, live: false },
  { name: "a platform that says nothing", deploy: undefined, live: false },
] as const;

/** How a path says that the deployment cannot serve it: ImageKit's own errors have no code. */
const refusalAt = (path: string) => (code: "not-live" | "misconfigured") =>
  isOfImageKitsApi(path) ? { message: `${problems[code].title}.` } : { code };

const routes = descriptions.map(({ route }) => ({
  method: route.method.toUpperCase(),
  route: route.path,
  path: route.path.replace(":id", "p_01kaq3h8x0fj7m2k9t4v6w8y0z").replace(":requestId", "0".repeat(24)),
  refusal: refusalAt(route.path),
}));

describe("against ImageKit's own base URL", () => {
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp({
      env: { IMAGEKIT_API_BASE_URL: "", IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo" },
    });
  });
  afterAll(async () => {
    expect(desk.imagekit.purged).toEqual([]);
    await desk.close();
  });

  describe.each(deploys)("$name", ({ name, deploy, live }) => {
    test(`${name} ${live ? "works" : "answers not-live on every route but health, and leaves the ledger alone"}`, async () => {
      await desk.redis.bridge.resetCounts();
      for (const { method, path, refusal } of routes) {
        const answer = await desk.call(path, { method, token: tokens.admin, platform: { deploy } });
        if (path === "/api/health") expect(answer.status).toBe(200);
        else if (live) expect(answer.body).not.toMatchObject(refusal("not-live"));
        else expect(answer, path).toMatchObject({ status: 503, body: refusal("not-live") });
      }
      expect((await desk.call("/api/health", { platform: { deploy } })).body).toEqual({ status: "up" });
      if (!live) expect(desk.redis.bridge.counts().roundTrips).toBe(0);
    });

    test(`${name} ${live ? "sweeps" : "does not sweep"}`, async () => {
      await desk.redis.bridge.resetCounts();
      const request = new Request("https://purge.test/", { method: "POST", body: "" });
      const response = await runSweep(desk.services, request, { deploy });
      expect(response.status).toBe(live ? 204 : 503);
      expect(desk.redis.bridge.counts().roundTrips > 0).toBe(live);
    });
  });
});

test("on another platform, the caller of createApp decides what is live", async () => {
  const desk = await startApp({
    env: { IMAGEKIT_API_BASE_URL: "", IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo" },
    app: { live: () => true },
  });
  expect((await desk.call("/api/budget", { token: tokens.read })).status).toBe(200);
  await desk.close();
});

describe("against a simulated ImageKit", () => {
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp({ app: { basePath: "/_purge" } });
  });
  afterAll(() => desk.close());

  test.each(deploys)("$name works with a simulated ImageKit", async ({ deploy }) => {
    const answer = await desk.call("/api/budget", { token: tokens.read, platform: { deploy } });
    expect(answer.status).toBe(200);
  });

  test("all routes are below the base path, and so are the addresses in answers", async () => {
    const json = { urls: ["https://ik.imagekit.io/demo/a.jpg"] };
    const batch = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
    expect(batch.headers.get("Location")).toBe(`/_purge/api/batches/${batch.body.id}`);
    const document = await desk.call("/api/openapi.json");
    expect(document.body.servers).toEqual([{ url: "/_purge" }]);
    const docs = await desk.call("/api/docs");
    expect(docs.text).toContain('href="/_purge/api/openapi.json"');
    const wrongMethod = await desk.call("/api/budget", { method: "DELETE" });
    expect(wrongMethod.status).toBe(405);
  });

  test("a request outside the base path is told where the routes are", async () => {
    const outside = await desk.app.fetch(new Request("https://purge.test/_purger/api/health"));
    const { code, detail, requestId } = await outside.json();
    expect([outside.status, code, requestId]).toEqual([
      404,
      "not-found",
      outside.headers.get("X-Request-Id"),
    ]);
    expect(detail).toContain("below /_purge:");
    expect(outside.headers.has("Content-Security-Policy")).toBe(true);
    const inside = await desk.call("/api/nothing");
    expect(inside.body.detail).toContain("/_purge/api/docs");
  });

  test("the answer has the platform's request id, unless it does not fit a header", async () => {
    const named = await desk.call("/api/health", { platform: { requestId: "01JABC-x_9" } });
    expect(named.headers.get("X-Request-Id")).toBe("01JABC-x_9");
    const odd = await desk.call("/api/health", { platform: { requestId: "a b\u0000" } });
    expect(odd.headers.get("X-Request-Id")).toMatch(/^r_/);
  });

  test.each([
    [""],
    ["{}"],
    ['{"next_run":"2026-11-15T12:01:00.000Z"}'],
    ['{"next_run":7}'],
    ["not json"],
    ["null"],
    ["[".repeat(10_000)],
  ])("the sweep runs whatever the schedule's body is (%#)", async (body) => {
    const request = new Request("https://purge.test/", { method: "POST", body });
    expect((await runSweep(desk.services, request, {})).status).toBe(204);
  });

  test("an unexpected error is a 500 without its cause, and a log line with the request's id", async () => {
    const broken = await startApp();
    await broken.redis.raw.set(
      "sandbox:1:purge:p_01kaq3h8x0fj7m2k9t4v6w8y0z",
      "broken record: secret-inside",
    );
    const answer = await broken.call("/api/purges/p_01kaq3h8x0fj7m2k9t4v6w8y0z", { token: tokens.read });
    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(answer.text).not.toContain("secret-inside");
    const line = broken.logged.find((each) => JSON.parse(each).event === "failed");
    expect(JSON.parse(line ?? "{}").requestId).toBe(answer.body.requestId);
    await broken.close();
  });
});

describe.each(["/", "/_purge", "/v1"])("with wrong settings at %s", (basePath) => {
  const logged: object[] = [];
  const log: Log = (event, fields) => logged.push({ event, ...fields });
  const app = createMisconfiguredApp(["PURGE_TOKENS: is not set"], log, { basePath });

  test.each([
    ...routes,
    ...["GET /anything", "DELETE /api/purges", "GET /v2/cache", "GET /", "GET /sign-in"].map((text) => {
      const [method = "", path = ""] = text.split(" ");
      return { method, route: path, path, refusal: refusalAt(path) };
    }),
  ])(
    `$method $route with wrong settings at ${basePath} is misconfigured, and only the log says what is wrong`,
    async ({ method, path, refusal }) => {
      logged.length = 0;
      const url = `https://purge.test${basePath.replace(/\/$/, "")}${path}`;
      const response = await app.fetch(new Request(url, { method }));
      const text = await response.text();
      expect(response.status).toBe(503);
      expect(JSON.parse(text)).toMatchObject(refusal("misconfigured"));
      expect(response.headers.has("x-ik-requestId")).toBe(isOfImageKitsApi(path));
      expect(text).not.toContain("PURGE_TOKENS");
      expect(JSON.stringify(logged)).toContain("PURGE_TOKENS: is not set");
      for (const name of Object.keys(securityHeaders)) expect(response.headers.has(name)).toBe(true);
    },
  );
});

test("with wrong settings, an address beside the base path is none of ImageKit's, whatever follows it", async () => {
  const app = createMisconfiguredApp(["PURGE_TOKENS: is not set"], () => {}, { basePath: "/_purge" });
  const answer = await app.fetch(new Request("https://purge.test/_other/v1/files/purge", { method: "POST" }));
  expect([answer.status, (await answer.json()).code]).toEqual([503, "misconfigured"]);
});
