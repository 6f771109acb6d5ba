import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { dashboardRoutes } from "../../../src/dashboard/dashboard.tsx";
import { apiRoutes } from "../../../src/http/api-routes.ts";
import { createApp } from "../../../src/http/app.ts";
import { stagedEnds } from "../../../src/local/imagekit/cdn/stage.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../../src/local/imagekit/simulated-imagekit.ts";
import { samplePath } from "../../../src/local/sample/sample-page.tsx";
import { sampleRoutes } from "../../../src/local/sample/sample-routes.tsx";
import { createServices } from "../../../src/services.ts";
import { configOf, environmentOfTests, tokens } from "../../support/app.ts";
import { startBackend } from "../../support/ledger-backends.ts";

const origin = "https://purge.test";
const shoe = "https://ik.imagekit.io/demo/sample/shoe.jpg";

let imagekit: SimulatedImageKit;
let redis: Awaited<ReturnType<typeof startBackend>>;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  imagekit = await startSimulatedImageKit({ settings: { uploads: "before-each-purge" } });
  redis = await startBackend("embedded");
  const config = configOf({
    ...environmentOfTests,
    IMAGEKIT_API_BASE_URL: imagekit.url,
    IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    PURGE_SESSION_SECRET: "a-secret-of-the-tests-that-is-long-enough",
    PURGE_MONTHLY_QUOTA: "30",
    PURGE_REPEAT_LIMIT: "2",
    PURGE_EDGE_CHECK: "on",
  });
  const services = createServices(config, { writeLog: () => undefined });
  app = createApp(services, [apiRoutes, sampleRoutes, dashboardRoutes({ samplePath })]);
});
afterAll(async () => {
  await redis.close();
  await imagekit.close();
});
beforeEach(async () => {
  imagekit.control.reset();
  await redis.flush();
});

async function cookieOf(token: string): Promise<string> {
  const answer = await app.request(`${origin}/sign-in`, {
    method: "POST",
    headers: { Origin: origin, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }).toString(),
  });
  return (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
}

const sessions = new Map<string, Promise<string>>();

async function ask(path: string, form?: Readonly<Record<string, string>>, token: string = tokens.purge) {
  const session = sessions.get(token) ?? cookieOf(token);
  sessions.set(token, session);
  return app.request(origin + path, {
    method: form === undefined ? "GET" : "POST",
    headers: {
      Cookie: await session,
      Origin: origin,
      "Content-Type": "application/x-www-form-urlencoded",
    },
    ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
  });
}

test("the page shows what is uploaded and what the CDN serves, and every end that can be chosen", async () => {
  imagekit.control.cdn.replace(shoe);
  const html = await (await ask("/sample")).text();
  expect(html).toContain("Uploaded: version 2");
  expect(html).toContain("Served by the CDN: version 1");
  const offered = [...html.matchAll(/<(?:option|button)[^>]* value="([\w-]+)"/g)].map(([, value]) => value);
  expect(offered.sort()).toEqual([...stagedEnds].sort());
  // Looking at it is no visit, of which the CDN would keep a copy.
  expect(imagekit.control.cdn.arrivals()).toEqual([]);
});

test("its pictures are those of the versions", async () => {
  const answer = await ask("/sample/picture?version=7");
  expect(answer.headers.get("Content-Type")).toContain("image/svg+xml");
  expect(await answer.text()).toContain("version 7");
  expect((await ask("/sample/picture?version=seven")).status).toBe(404);
});

test.each([
  ["fresh", 2],
  ["unchanged", 1],
] as const)("“%s” purges the image at version %i and leads to its purge", async (end, version) => {
  const answer = await ask("/sample", { end });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("Location")).toMatch(/^\/purges\/p_/);
  expect([...imagekit.control.byUrl().keys()]).toEqual([shoe]);
  expect(imagekit.control.cdn.versionOf(shoe)).toBe(version);
});

test("an image that is purged too often is not purged, and the page says why", async () => {
  await ask("/sample", { end: "fresh" });
  await ask("/sample", { end: "fresh" });
  const answer = await ask("/sample", { end: "fresh" });
  expect(answer.status).toBe(409);
  expect(await answer.text()).toMatch(/Nothing was purged\.<\/strong> \S.*(again|repeat)/);
});

test("an end that is not offered leads back, and purges nothing", async () => {
  expect((await ask("/sample", { end: "melted" })).headers.get("Location")).toBe("/sample");
  expect(imagekit.arrivals()).toEqual([]);
});

test("only a token that may purge gets the page, and the link to it", async () => {
  expect((await ask("/sample", undefined, tokens.read)).status).toBe(403);
  expect(await (await ask("/", undefined, tokens.read)).text()).not.toContain('href="/sample"');
  expect(await (await ask("/")).text()).toContain('href="/sample"');
});
