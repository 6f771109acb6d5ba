import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { listen } from "../../src/local/listen.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { type WatchedTimers, watchTimers } from "../support/watch-timers.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const withBody = descriptions.flatMap(({ route, body }) => {
  if (body === undefined) return [];
  const path = route.path.replace(":name", "shop");
  return [{ method: route.method.toUpperCase(), path, type: typeOf(body.schema) }];
});
/** Below /v1 errors have ImageKit's shape. */
const slowBody = (path: string) =>
  path.startsWith("/v1/") ? { message: "The body did not arrive in time." } : { code: "body-timeout" };
let desk: TestApp;

function typeOf(schema: string): string {
  return schema === "Text" ? "text/plain" : "application/json";
}

beforeAll(async () => {
  desk = await startApp({ env: { PURGE_SESSION_SECRET: "a secret of the tests, long enough" } });
});
afterAll(async () => {
  await desk.close();
});

/** Sends bytes as a raw request; returns the raw answer once the server has ended it or `until` matches. */
async function exchange(url: string, request: string, until: RegExp): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(request);
  let answer = "";
  try {
    for await (const chunk of socket) {
      answer += chunk;
      if (until.test(answer)) break;
    }
  } finally {
    socket.destroy();
  }
  return answer;
}

describe("a body that is slow", () => {
  let timers: WatchedTimers;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    timers = watchTimers();
  });
  /** Until the body's own timer runs: the platform has others, which come and go. */
  const bodyIsAwaited = async () => {
    while (timersOfBody().length === 0) await setImmediate();
  };
  const timersOfBody = () => timers.started.filter(({ delayMs }) => delayMs === 10_000);
  afterEach(() => {
    timers.unwatch();
    vi.useRealTimers();
  });

  test.each(withBody)(
    "$method $path answers 408 to a body that never ends",
    async ({ method, path, type }) => {
      let cancelled = false;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"urls":[')),
        cancel: () => {
          cancelled = true;
        },
      });
      const answering = desk.call(path, { method, type, token: tokens.admin, body });
      await bodyIsAwaited();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await answering).toMatchObject({ status: 408, body: slowBody(path) });
      expect(cancelled).toBe(true);
    },
  );

  test.each(withBody)(
    "$method $path answers 408 to a body that trickles in, however steadily",
    async ({ method, path, type }) => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      const answering = desk.call(path, { method, type, token: tokens.admin, body: readable });
      await bodyIsAwaited();
      for (let second = 1; second <= 9; second++) {
        await writer.write(new Uint8Array([0x20]));
        await vi.advanceTimersByTimeAsync(1_000);
      }
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await answering).toMatchObject({ status: 408, body: slowBody(path) });
    },
  );

  test("a body that arrives in time leaves no timer behind", async () => {
    const json = { urls: ["nonsense"] };
    await desk.call("/api/purges", { method: "POST", token: tokens.admin, json });
    const ofBody = timersOfBody();
    expect(ofBody).toHaveLength(1);
    expect(timers.stopped).toContain(ofBody[0]?.timer);
  });

  test("without a valid token, the service does not wait for a slow body", async () => {
    const body = new ReadableStream<Uint8Array>();
    const answer = await desk.call("/api/purges", { method: "POST", body });
    expect(answer.status).toBe(401);
  });
});

describe("over a socket", () => {
  let server: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    // Each request comes from another address, because an address may fail only ten times.
    let requests = 0;
    server = await listen({
      fetch: (request) => desk.app.fetch(request, { ip: `198.51.100.${requests++ % 256}` }),
      port: 0,
      onError: () => undefined,
    });
  });
  afterAll(() => server.close());

  const send = (method: string, path: string, headers: readonly string[], body: string) =>
    exchange(
      server.url,
      [
        `${method} ${path} HTTP/1.1`,
        "Host: purge.test",
        `Content-Length: ${body.length}`,
        ...headers,
        "",
        body,
      ].join("\r\n"),
      /\r\n\r\n[\s\S]*\}$/,
    );
  const shoes = JSON.stringify({ urls: [shoe] });
  const post = (path: string, headers: readonly string[], body = shoes) => send("POST", path, headers, body);
  const bearer = (token: string) => `Authorization: Bearer ${token}`;
  /** Below /v1 the token is the user of Basic auth. */
  const credentials = (path: string) =>
    path.startsWith("/v1/") ? `Authorization: Basic ${btoa(`${tokens.admin}:`)}` : bearer(tokens.admin);
  const json = "Content-Type: application/json";

  test.each(withBody)(
    "$method $path refuses two Authorization headers, whichever is the valid one",
    async ({ method, path, type }) => {
      for (const two of [
        [bearer(tokens.admin), bearer(`pd_${"x".repeat(43)}`)],
        [bearer(`pd_${"x".repeat(43)}`), bearer(tokens.admin)],
        [bearer(tokens.admin), bearer(tokens.admin)],
      ]) {
        expect(await send(method, path, [...two, `Content-Type: ${type}`], shoes)).toMatch(/^HTTP\/1.1 401 /);
      }
    },
  );

  test.each([...withBody, { method: "POST", path: "/sign-in", type: "application/x-www-form-urlencoded" }])(
    "$method $path logs a caller that disconnects in the middle of a body as 408, not as an error of the service",
    async ({ method, path, type }) => {
      desk.logged.length = 0;
      const headers = [
        `${method} ${path} HTTP/1.1`,
        "Host: purge.test",
        path === "/sign-in" ? "Origin: http://purge.test" : credentials(path),
        `Content-Type: ${type}`,
        "Content-Length: 100",
      ];
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
      socket.write([...headers, "", "{"].join("\r\n"), () => socket.resetAndDestroy());
      await expect.poll(() => desk.logged.map((line) => JSON.parse(line))).not.toEqual([]);
      expect(desk.logged.map((line) => JSON.parse(line))).toMatchObject([
        { event: "request", path, status: 408, code: "body-timeout" },
      ]);
    },
  );

  test.each([
    [["Content-Type: text/plain", json]],
    [[json, "Content-Type: text/plain"]],
    [["Content-Type: application/json; v=1", "Content-Type: text/html"]],
    [["Content-Type: text/plain; charset=utf-8", json]],
  ])("two Content-Type headers are refused with 415: %j", async (types) => {
    expect(await post("/api/plan", [bearer(tokens.admin), ...types])).toMatch(/^HTTP\/1.1 415 /);
  });

  test("two Idempotency-Key headers count as one key that differs from both", async () => {
    const submit = (...keys: readonly string[]) =>
      post("/api/purges", [bearer(tokens.admin), json, ...keys.map((key) => `Idempotency-Key: ${key}`)]);
    expect(await submit("one", "two")).toMatch(/^HTTP\/1.1 202 /);
    expect(await submit("one", "two")).toMatch(/^HTTP\/1.1 200 /);
    expect(await submit("one")).toMatch(/^HTTP\/1.1 202 /);
    expect(await submit("two", "one")).toMatch(/^HTTP\/1.1 202 /);
  });

  test.each([
    ["two lengths", ["Content-Length: 3"]],
    ["a length and chunks", ["Transfer-Encoding: chunked"]],
    ["a folded header", [`X-Folded: a\r\n ${bearer(tokens.admin)}`]],
    ["a line end in a header", ["X-Bare: a\rb"]],
    ["a null in a header", ["X-Null: a\u0000b"]],
  ])("a request with %s cannot smuggle in a second one", async (_, headers) => {
    const before = desk.imagekit.purged.length;
    const answer = await post("/api/purges", [json, ...headers]);
    expect(answer).toMatch(/^HTTP\/1.1 40[01] /);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(desk.imagekit.purged).toHaveLength(before);
  });
});
