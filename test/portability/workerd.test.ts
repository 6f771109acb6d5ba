// @module-tag slow

import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { environmentOfTests, signed, tokens } from "../support/app.ts";
import { type RedisBackend, startBackend } from "../support/ledger-backends.ts";
import { startWorker, type Worker } from "./start-worker.ts";

const shoe = "https://ik.imagekit.io/demo/catalog/shoe.jpg";
const boot = "https://ik.imagekit.io/demo/catalog/boot.jpg";

let redis: RedisBackend & { readonly close: () => Promise<void> };
let imagekit: SimulatedImageKit;
let worker: Worker;

beforeAll(async () => {
  redis = await startBackend("embedded");
  imagekit = await startSimulatedImageKit({ settings: { pendingMs: 0 } });
  worker = await startWorker({
    ...environmentOfTests,
    IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
    IMAGEKIT_API_BASE_URL: imagekit.url,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    PURGE_MONTHLY_QUOTA: "30",
    PURGE_SESSION_SECRET: "a secret of the tests, long enough",
  });
});
beforeEach(async () => {
  await redis.flush();
  imagekit.control.reset();
});
afterAll(async () => {
  await worker?.close();
  await Promise.all([redis?.close(), imagekit?.close()]);
});

type Call = { readonly token?: string; readonly headers?: Record<string, string>; readonly body?: string };

async function call(path: string, { token, headers, body }: Call = {}) {
  const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  const response = await fetch(worker.url + path, {
    method: body === undefined ? "GET" : "POST",
    // workerd resets a kept connection whose last body the app did not read.
    headers: { "content-type": "application/json", connection: "close", ...authorization, ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}

const submit = (json: unknown, headers: Record<string, string> = {}, token: string = tokens.purge) =>
  call("/api/purges", { token, headers, body: JSON.stringify(json) });
const sentUrls = () => imagekit.arrivals().flatMap(({ endpoint, url }) => (endpoint === "send" ? [url] : []));

describe("under workerd", () => {
  test("under workerd a person signs in and sees the requests", async () => {
    const { status, headers } = await fetch(`${worker.url}/sign-in`, {
      method: "POST",
      redirect: "manual",
      headers: {
        connection: "close",
        origin: worker.url,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `token=${tokens.read}`,
    });
    expect(status).toBe(303);
    const [cookie = ""] = headers.getSetCookie();
    const page = await call("/", { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(page.status).toBe(200);
    expect(page.text).toContain("read-actor");
  });

  test("under workerd a plan says verdicts and price, and sends nothing", async () => {
    const body = JSON.stringify({ urls: [shoe, shoe, "https://elsewhere.example/a.jpg"] });
    const plan = await call("/api/plan", { token: tokens.read, body });
    expect(plan.status).toBe(200);
    expect(plan.body).toMatchObject({ units: 1, availableAfter: 29, budget: { spent: 0 } });
    expect(imagekit.arrivals()).toEqual([]);
  });

  test("under workerd a batch of more than a wave is sent, each URL once, and charged", async () => {
    const urls = Array.from({ length: 25 }, (_, i) => `https://ik.imagekit.io/demo/catalog/${i}.jpg`);
    const batch = await submit({ urls, reason: "autumn" });
    expect(batch.status).toBe(202);
    expect(batch.body).toMatchObject({ units: 25, actor: "purge-actor", budget: { spent: 25, reserved: 0 } });
    expect(sentUrls().sort()).toEqual(urls.sort());
  });

  test("under workerd a wait answers when ImageKit said Completed, and one when the edge was read before and after", async () => {
    const image = "https://ik.imagekit.io/demo/seen-at-the-edge.jpg";
    // Completed clears the copy: at once, it would often be gone before it is read beside the send.
    imagekit.control.change({ pendingMs: 3_000 });
    imagekit.control.cdn.stage(image, "fresh");
    const submitted = await submit({ urls: [image], check: true, changedAt: new Date().toISOString() });
    const wait = (prefer: string) =>
      call(`/api/batches/${submitted.body.id}`, { token: tokens.read, headers: { prefer } });
    const [completed, checked] = await Promise.all([wait("wait=20"), wait("wait=25; until=checked")]);
    expect(completed.body).toMatchObject({ done: true, checked: false, purges: [{ state: "completed" }] });
    expect(checked.body).toMatchObject({
      done: true,
      checked: true,
      purges: [{ units: 1, edge: { outcome: "fresh", before: { cache: "hit" }, after: { cache: "miss" } } }],
    });
    expect(imagekit.control.cdn.arrivals().map(({ method }) => method)).toEqual(["HEAD", "HEAD"]);
  });

  test("under workerd the official SDK purges a URL and reads its status", async () => {
    const { invalidation } = new ImageKit({ baseURL: worker.url, privateKey: tokens.purge }).cache;
    const { requestId = "" } = await invalidation.create({ url: shoe });
    expect(await invalidation.get(requestId)).toEqual({ status: "Pending" });
    expect(sentUrls()).toEqual([shoe]);
  });

  test("under workerd text is taken, and a signed URL is shown masked", async () => {
    const headers = { "content-type": "text/plain" };
    const batch = await call("/api/purges", { token: tokens.purge, headers, body: `${signed}\n\n${shoe}\n` });
    expect(batch.status).toBe(202);
    expect(batch.text).not.toContain("0123456789abcdef");
    expect(sentUrls().sort()).toEqual([shoe, signed].sort());
  });

  test("under workerd the same key and body give the same batch and send nothing; another body is an error", async () => {
    const key = { "idempotency-key": "shoe 1" };
    const first = await submit({ urls: [shoe] }, key);
    const again = await submit({ urls: [shoe] }, key);
    const other = await submit({ urls: [boot] }, key);
    expect([first.status, again.status, other.status]).toEqual([202, 200, 422]);
    expect(again.body.id).toBe(first.body.id);
    expect(other.body.code).toBe("idempotency-key-reused");
    expect(sentUrls()).toEqual([shoe]);
  });

  test("under workerd a purge is read with its timeline, and listed and found page by page", async () => {
    const { body } = await submit({ urls: [shoe, boot] });
    const purge = await call(`/api/purges/${body.purges[0].id}`, { token: tokens.read });
    expect(purge.body.timeline.map(({ state }: { state: string }) => state)).toEqual([
      "queued",
      "sending",
      "pending",
    ]);
    const page = await call("/api/purges?limit=1", { token: tokens.read });
    const rest = await call(`/api/purges?limit=1&cursor=${page.body.nextCursor}`, { token: tokens.read });
    expect([...page.body.purges, ...rest.body.purges].map(({ url }) => url).sort()).toEqual([boot, shoe]);
    const found = await call("/api/purges?q=BOOT&state=pending", { token: tokens.read });
    expect(found.body.purges.map(({ url }: { url: string }) => url)).toEqual([boot]);
  });

  test("under workerd a held purge is cancelled; a sent one is not", async () => {
    const correction = JSON.stringify({ external: 29 });
    expect((await call("/api/budget/corrections", { token: tokens.admin, body: correction })).status).toBe(
      201,
    );
    const { body } = await submit({ urls: [shoe, boot], onExhausted: "hold" });
    const [sent, held] = body.purges;
    expect([sent.state, held.state]).toEqual(["pending", "held"]);
    const cancelled = await call(`/api/purges/${held.id}/cancel`, { token: tokens.purge, body: "" });
    expect(cancelled).toMatchObject({ status: 200, body: { state: "cancelled", units: 0 } });
    const refused = await call(`/api/purges/${sent.id}/cancel`, { token: tokens.purge, body: "" });
    expect(refused).toMatchObject({ status: 409, body: { code: "state-conflict" } });
  });

  test("under workerd budget, correction and exhaustion agree", async () => {
    await call("/api/budget/corrections", { token: tokens.admin, body: JSON.stringify({ external: 30 }) });
    const budget = await call("/api/budget", { token: tokens.read });
    expect(budget.body).toMatchObject({ quota: 30, external: 30, available: 0 });
    const refused = await submit({ urls: [shoe] });
    expect(refused).toMatchObject({ status: 429, body: { code: "budget-exhausted" } });
    expect(sentUrls()).toEqual([]);
  });

  test("under workerd health is up for strangers and told in full to a reader", async () => {
    expect((await call("/api/health")).body).toEqual({ status: "up" });
    const health = await call("/api/health", { token: tokens.read });
    expect(health.body.checks.map(({ name }: { name: string }) => name)).toContain("ledger");
  });

  test("under workerd the OpenAPI document and its page are served", async () => {
    const document = await call("/api/openapi.json");
    expect(document.body).toMatchObject({ openapi: "3.1.0", servers: [{ url: "/" }] });
    const page = await call("/api/docs");
    expect(page.text).toMatch(/^<!doctype html>.*submitPurges/s);
  });

  test.each([
    ["no token", "/api/budget", {}, 401, "unauthorized"],
    ["a scope too small", "/api/purges", { token: tokens.read, body: "{}" }, 403, "forbidden"],
    ["no such purge", "/api/purges/p_00000000000000000000000000", { token: tokens.read }, 404, "not-found"],
    ["no JSON", "/api/purges", { token: tokens.purge, body: "{" }, 400, "malformed-json"],
    [
      "an unknown field",
      "/api/plan",
      { token: tokens.read, body: '{"urls":["a"],"x":1}' },
      422,
      "invalid-body",
    ],
    ["a bad line", "/api/purges", { token: tokens.purge, body: '{"urls":["a"]}' }, 422, "invalid-urls"],
    ["no such method", "/api/plan", { token: tokens.read }, 405, "method-not-allowed"],
  ] as const)("under workerd %s is a problem answer", async (_, path, request, status, code) => {
    const answer = await call(path, request);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(imagekit.arrivals()).toEqual([]);
  });
});
