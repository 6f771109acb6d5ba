import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PurgeDeskError, purgeDesk } from "../../src/client/client.ts";
import { tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
let served: ServedDesk;

beforeAll(async () => {
  served = await serveDesk({ env: { PURGE_MONTHLY_QUOTA: "3" } });
});
beforeEach(() => served.reset());
afterAll(() => served.close());

const desk = (options = {}) => purgeDesk({ url: served.url, token: tokens.purge, ...options });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof PurgeDeskError ? error : undefined),
  );
const keys = () => new Set(served.arrivals.map(({ headers }) => headers.get("Idempotency-Key")));
const unavailable = (code: string) =>
  Response.json(
    { code, detail: "later" },
    { status: code === "rate-limited" ? 429 : 503, headers: { "Retry-After": "0" } },
  );

test.each([
  ["an answer is lost", () => "lose" as const],
  ["the connection breaks", () => "drop" as const],
  ["the ledger is away", () => unavailable("ledger-unavailable")],
  ["it asks too often", () => unavailable("rate-limited")],
  ["a gateway fails", () => new Response("<html>", { status: 502 })],
  ["a gateway is asked too often", () => new Response("slow down", { status: 429 })],
])("after %s twice, purge sends again with the same key: one batch, one unit", async (_, fate) => {
  served.fates.push(fate(), fate());
  const { batches } = await desk().purge({ urls: [shoe] });
  expect(batches).toMatchObject([{ units: 1, purges: [{ state: "pending", attempts: 1 }] }]);
  expect(served.arrivals).toHaveLength(3);
  expect(keys().size).toBe(1);
  expect(served.imagekit.purged).toHaveLength(1);
  expect(await desk().budget()).toMatchObject({ spent: 1, reserved: 0 });
});

test.each([["not-live"], ["misconfigured"]])("a deploy that is %s is not asked again", async (code) => {
  served.fates.push(unavailable(code));
  expect(await failureOf(desk().purge({ urls: [shoe] }))).toMatchObject({ code });
  expect(served.arrivals).toHaveLength(1);
});

test("an exhausted budget is not asked again, and says what is left", async () => {
  const urls = [1, 2, 3, 4].map((n) => `https://ik.imagekit.io/demo/${n}.jpg`);
  const failure = await failureOf(desk().purge({ urls }));
  expect(failure).toMatchObject({
    code: "budget-exhausted",
    status: 429,
    problem: { budget: { available: 3 } },
  });
  expect(served.arrivals).toHaveLength(1);
});

test("a wait that Retry-After asks for, and that is longer than the caller has, is left to the caller", async () => {
  const busy = { status: 429, headers: { "Retry-After": "60" } };
  served.fates.push(Response.json({ code: "rate-limited", detail: "slow down" }, busy));
  const failure = await failureOf(desk().purge({ urls: [shoe] }));
  expect(failure).toMatchObject({ code: "rate-limited", retryAfterMs: 60_000 });
  expect(served.arrivals).toHaveLength(1);
});

test("Retry-After is obeyed: nothing is sent before it is over", async () => {
  const busy = { status: 429, headers: { "Retry-After": "1" } };
  served.fates.push(Response.json({ code: "rate-limited", detail: "slow down" }, busy));
  const from = performance.now();
  await desk().purge({ urls: [shoe] });
  expect(performance.now() - from).toBeGreaterThan(990);
});

test("tries end when their time is over, and the key makes the next call safe", async () => {
  served.fates.push("lose", "lose", "lose", "lose");
  const failure = await failureOf(desk({ retryForMs: 500 }).purge({ urls: [shoe] }));
  expect(failure).toMatchObject({ code: "unreachable", status: undefined });
  expect(served.arrivals.length).toBeLessThan(4);
  served.fates.length = 0;
  await desk().purge({ urls: [shoe] }, { key: failure?.key });
  expect(served.imagekit.purged).toHaveLength(1);
});

test("with retryForMs 0 nothing is sent twice", async () => {
  served.fates.push("drop");
  expect(await failureOf(desk({ retryForMs: 0 }).budget())).toMatchObject({ code: "unreachable" });
  expect(served.arrivals).toHaveLength(1);
});

test("an abort ends a request that hangs, and the error carries the key", async () => {
  served.fates.push("hang");
  const reason = new Error("the reader left");
  const controller = new AbortController();
  const { signal } = controller;
  const failure = failureOf(desk().purge({ urls: [shoe] }, { key: "left", signal }));
  await expect.poll(() => served.imagekit.purged.length).toBe(1);
  controller.abort(reason);
  expect(await failure).toMatchObject({ code: "aborted", cause: reason, key: "left" });
  await desk().purge({ urls: [shoe] }, { key: "left" });
  expect(served.imagekit.purged).toHaveLength(1);
});

test("an abort ends the pause before the next try, and a signal that is aborted before sends nothing", async () => {
  const busy = { status: 429, headers: { "Retry-After": "20" } };
  served.fates.push(Response.json({ code: "rate-limited", detail: "slow down" }, busy));
  const controller = new AbortController();
  const failure = failureOf(desk().plan({ urls: [shoe] }, { signal: controller.signal }));
  await expect.poll(() => served.arrivals.length).toBe(1);
  controller.abort();
  expect(await failure).toMatchObject({ code: "aborted" });
  expect(await failureOf(desk().budget({ signal: AbortSignal.abort() }))).toMatchObject({ code: "aborted" });
  expect(served.arrivals).toHaveLength(1);
});

const page = { "Content-Type": "text/html" };
const elsewhere = { Location: "https://elsewhere.example/" };
test.each([
  ["a page", () => new Response("<!doctype html>", { headers: page }), "200 text/html"],
  ["404 of another server", () => new Response("", { status: 404, headers: page }), "404 text/html"],
  [
    "a redirect",
    () => new Response(null, { status: 308, headers: elsewhere }),
    "308 and points to https://elsewhere.example/",
  ],
])(
  "%s in the place of an answer is said with its address, and the token goes nowhere else",
  async (_, fate, what) => {
    served.fates.push(fate());
    const failure = await failureOf(desk().budget());
    expect(failure).toMatchObject({ code: "unexpected-answer" });
    expect(failure?.message).toBe(`What answers at ${served.url}/api/budget is not Purge Desk: ${what}`);
    expect(served.arrivals).toHaveLength(1);
  },
);

test.each([
  ["no connection, or a lost answer", () => "drop" as const],
  ["a gateway answered 502", () => new Response("<html>", { status: 502 })],
])("a Purge Desk that cannot be reached is named with its address: %s", async (why, fate) => {
  served.fates.push(fate());
  const failure = await failureOf(desk({ retryForMs: 0 }).budget());
  expect(failure?.message).toBe(`Purge Desk at ${served.url} cannot be reached: ${why}`);
});
