import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionCookie, sessionSecret } from "../dashboard/session.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { redisContent } from "../support/redis-content.ts";
import { movingClock } from "../support/simple-cdn.ts";

const time = { now: Date.parse("2026-11-15T12:00:00Z") };
const imagekit = accepting();
const signature = "0123456789abcdef-signature";
/** As long as Node lets an answer's headers be. */
const long = "x".repeat(12_000);
/** Longest text that is kept of an answer, and a few words around it. */
const longestKept = 300;

type Headers = Readonly<Record<string, string>>;

const image = { "Content-Type": "image/webp" };
const metadata = "http://169.254.169.254/latest/meta-data/";
const answers: readonly (readonly [what: string, status: number, headers: Headers])[] = [
  ["headers of 12,000 characters", 200, { ...image, ETag: long, "X-Amz-Cf-Pop": long }],
  [
    "headers of control characters",
    200,
    { ...image, ETag: '"a\x7f\x9bb"', "X-Amz-Cf-Pop": "\x9b31m\xadFRA" },
  ],
  [
    "headers of markup",
    200,
    { ...image, ETag: '"<script>alert(1)</script>"', "X-Amz-Cf-Pop": "<img src=x onerror=alert(1)>" },
  ],
  ["a type of 12,000 characters", 200, { "Content-Type": `image/${long}`, ETag: '"a"' }],
  ["an Age of 12,000 digits", 200, { ...image, ETag: '"a"', Age: "9".repeat(12_000) }],
  ["an Age beyond all time", 200, { ...image, ETag: '"a"', Age: "8640000000000000" }],
  ["a redirect to a signed URL", 302, { Location: `https://evil.test/?ik-t=1900000000&ik-s=${signature}` }],
  ["a redirect into a private network", 302, { Location: metadata }],
];

let desk: TestApp;
let cookie = "";
let batchId = "";
const asked: string[] = [];

/** A batch whose URLs the CDN answers so, before the purge and after it. */
beforeAll(async () => {
  desk = await startApp({
    env: { PURGE_EDGE_CHECK: "on", ...sessionSecret },
    clock: movingClock(time),
    time,
  });
  cookie = await sessionCookie(desk, tokens.admin);
  desk.imagekit.answer = (request) => {
    if (request.method !== "HEAD") return imagekit(request);
    asked.push(request.url);
    const [, status = 500, headers = {}] = answers[Number(/(\d+)\.jpg$/.exec(request.url)?.[1])] ?? [];
    return new Response(null, { status, headers });
  };
  const json = { urls: answers.map((_, n) => `https://ik.imagekit.io/demo/${n}.jpg`) };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.admin, json });
  batchId = body.id;
  const headers = { Prefer: "wait=25; until=checked" };
  await desk.call(`/api/batches/${batchId}`, { token: tokens.admin, headers });
});
afterAll(() => desk.close());

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

test.each(answers.map(([what], n) => [what, n] as const))(
  "of a CDN that answers with %s, nothing harmful is kept or shown",
  async (_, n) => {
    const { body } = await desk.call(`/api/batches/${batchId}`, { token: tokens.read });
    const purge = body.purges[n];
    expect(purge.state).toBe("completed");
    expect(purge.edge.outcome).toBe("unreadable");
    expect(purge.edge.before).not.toBeNull();
    for (const text of textsOf([purge.edge.before, purge.edge.after])) {
      expect(text.length).toBeLessThan(longestKept);
      expect(text).toMatch(/^\P{C}*$/u);
    }
    const page = await desk.call(`/purges/${purge.id}`, { headers: { Cookie: cookie } });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/<script>alert|<img src=x/);
    expect([page.text, JSON.stringify(body), ...desk.logged].join("\n")).not.toContain(signature);
  },
);

test("what the ledger keeps of a hostile CDN's answers has no signature", async () => {
  const kept = JSON.stringify(await redisContent(desk.redis.raw));
  expect(kept).toContain("evil.test");
  expect(kept).not.toContain(signature);
});

test("a redirect of the CDN is never followed", () => {
  expect(asked.length).toBeGreaterThanOrEqual(2 * answers.length);
  expect(asked.filter((url) => !url.startsWith("http://imagekit.test/_cdn/ik.imagekit.io/demo/"))).toEqual(
    [],
  );
});
