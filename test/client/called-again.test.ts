import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type PurgeRequest, purgeDesk } from "../../src/client/client.ts";
import { tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const url = (n: number) => `https://ik.imagekit.io/demo/p/${n}.jpg`;
const time = { now: Date.now() };
let served: ServedDesk;

beforeAll(async () => {
  served = await serveDesk({ time, env: { PURGE_REPEAT_LIMIT: "1" } });
});
beforeEach(async () => {
  await served.reset();
  served.fates.length = 0;
});
afterAll(() => served.close());

const unavailable = () => Response.json({ code: "ledger-unavailable", detail: "later" }, { status: 503 });
const purge = (request: PurgeRequest, key: string) =>
  purgeDesk({ url: served.url, token: tokens.purge, retryForMs: 0 }).purge(request, { key });
const profile = (transformations: readonly string[]) =>
  served.call("/api/profiles/shop", {
    method: "PUT",
    token: tokens.admin,
    json: { paths: ["/products/"], endpoints: ["https://ik.imagekit.io/demo"], transformations },
  });

test.each([["reject"], ["skip"]] as const)(
  "a split request of which a part failed goes on when it is called again, although the caller repeats the others (%s)",
  async (onInvalid) => {
    const request = { urls: range(130).map(url), onInvalid };
    served.fates.push("answer", "answer", unavailable());
    await expect(purge(request, "sale")).rejects.toMatchObject({ code: "ledger-unavailable" });
    await Promise.all(served.background);
    const { batches, rejected, units } = await purge(request, "sale");
    expect([batches.length, units, rejected]).toEqual([2, 130, []]);
    await Promise.all(served.background);
    expect(served.imagekit.purged).toHaveLength(130);
  },
);

test("a split request that is called again after its sendAfter gets its batches", async () => {
  const request = { urls: range(130).map(url), sendAfter: new Date(time.now + 60_000) };
  const first = await purge(request, "later");
  time.now += 120_000;
  const again = await purge(request, "later");
  expect(again.batches.map(({ id }) => id)).toEqual(first.batches.map(({ id }) => id));
});

test("with skip a split request leaves out what the caller repeats, numbered as in the request, and a part that is nothing else", async () => {
  await purge({ urls: [url(7)] }, "one");
  await purge({ urls: range(30).map((n) => url(100 + n)) }, "thirty");
  time.now += 1_000;
  const { batches, rejected } = await purge({ urls: range(130).map(url), onInvalid: "skip" }, "all");
  expect(batches).toHaveLength(1);
  expect(rejected.map(({ line }) => line)).toEqual([8, ...range(30).map((n) => 101 + n)]);
  expect(rejected.every(({ violations }) => violations[0]?.code === "repeating")).toBe(true);
});

test("a request that was split, and fits one batch since a profile changed, is refused under its key and not paid twice", async () => {
  const request = { images: range(30).map((n) => `/products/${n}.jpg`) };
  await profile(["tr:w-{1,2,3}"]);
  const { units } = await purge(request, "shrinks");
  expect(units).toBe(120);
  const removed = await served.call("/api/profiles/shop", {
    method: "DELETE",
    token: tokens.admin,
    headers: { "If-Match": "*" },
  });
  expect(removed.status).toBeLessThan(300);
  await expect(purge(request, "shrinks")).rejects.toMatchObject({ code: "idempotency-key-reused" });
  await Promise.all(served.background);
  expect(served.imagekit.purged).toHaveLength(120);
});

test("a request that fitted one batch, and is too large since a profile changed, gets its batch under its key", async () => {
  const request = { images: range(30).map((n) => `/products/${n}.jpg`) };
  const first = await purge(request, "grows");
  await profile(["tr:w-{1,2,3}"]);
  expect((await purge(request, "grows")).batches[0]?.id).toBe(first.batches[0]?.id);
});
