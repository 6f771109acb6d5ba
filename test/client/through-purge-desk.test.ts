import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { purgeDesk, throughPurgeDesk } from "../../src/client/client.ts";
import { accepting, tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const time = { now: Date.now() };
let served: ServedDesk;
/** What reached ImageKit without Purge Desk. */
const direct: string[] = [];

beforeAll(async () => {
  served = await serveDesk({ time, env: { PURGE_MONTHLY_QUOTA: "2", PURGE_REPEAT_LIMIT: "off" } });
});
beforeEach(async () => {
  direct.length = 0;
  await served.reset();
});
afterAll(() => served.close());

/** The official SDK with its own retries, which are on by default. */
function sdk({ token = tokens.purge, timeout = 60_000, retryForMs = 30_000 } = {}) {
  const desk = purgeDesk({ url: served.url, token, retryForMs });
  const toImageKit = async (input: string | URL | Request, init?: RequestInit) => {
    const { method, url } = new Request(input, init);
    direct.push(`${method} ${url}`);
    return Response.json({ status: "Pending" });
  };
  const fetch = throughPurgeDesk(desk, { fetch: toImageKit });
  return new ImageKit({ privateKey: "private_real", fetch, timeout });
}

test("the SDK's purge goes through Purge Desk, and its status is Completed when ImageKit says so", async () => {
  const client = sdk();
  const { requestId } = await client.cache.invalidation.create({ url: shoe });
  expect(requestId).toMatch(/^b_/);
  expect(await client.cache.invalidation.get(requestId ?? "")).toEqual({ status: "Pending" });
  time.now += 10_000;
  expect(await client.cache.invalidation.get(requestId ?? "")).toEqual({ status: "Completed" });
  expect(served.imagekit.purged).toEqual([JSON.stringify({ url: shoe })]);
  expect(direct).toEqual([]);
});

test("everything else of the SDK goes to ImageKit, and so does the status of a purge that it made itself", async () => {
  const client = sdk();
  await client.files.get("598821f949c0a938d57563bd");
  await client.cache.invalidation.get("598821f949c0a938d57563bd");
  expect(direct).toEqual([
    "GET https://api.imagekit.io/v1/files/598821f949c0a938d57563bd/details",
    "GET https://api.imagekit.io/v1/files/purge/598821f949c0a938d57563bd",
  ]);
  expect(served.arrivals).toEqual([]);
});

test("two saves are two purges", async () => {
  const client = sdk();
  await client.cache.invalidation.create({ url: shoe });
  time.now += 1_000;
  await client.cache.invalidation.create({ url: shoe });
  expect(served.imagekit.purged).toHaveLength(2);
});

test("when the SDK loses patience and sends again, it gets the same purge: one unit", async () => {
  served.fates.push("hang");
  const { requestId } = await sdk({ timeout: 5_000 }).cache.invalidation.create({ url: shoe });
  expect(served.arrivals.map(({ headers }) => headers.get("Idempotency-Key"))).toHaveLength(2);
  expect(new Set(served.arrivals.map(({ headers }) => headers.get("Idempotency-Key"))).size).toBe(1);
  expect(served.imagekit.purged).toHaveLength(1);
  expect(requestId).toMatch(/^b_/);
});

test("two saves of which both are sent again are two batches", async () => {
  served.fates.push("lose", "lose");
  const client = sdk({ retryForMs: 0 });
  const made = [
    client.cache.invalidation.create({ url: shoe }),
    client.cache.invalidation.create({ url: shoe }),
  ];
  const ids = new Set((await Promise.all(made)).map(({ requestId }) => requestId));
  expect(ids.size).toBe(2);
});

test("a save while another is sent again is a purge of its own", async () => {
  served.fates.push("lose");
  const client = sdk({ retryForMs: 0 });
  const first = client.cache.invalidation.create({ url: shoe });
  await expect.poll(() => served.imagekit.purged.length).toBe(1);
  time.now += 1_000;
  const second = await client.cache.invalidation.create({ url: shoe });
  expect(second.requestId).not.toBe((await first).requestId);
  expect(served.imagekit.purged).toHaveLength(2);
});

test("a save that the SDK gave up is not taken for a later one that it sends again", async () => {
  const client = sdk({ retryForMs: 0 });
  served.fates.push("lose");
  await expect(client.cache.invalidation.create({ url: shoe }, { maxRetries: 0 })).rejects.toThrow();
  time.now += 1_000;
  served.fates.push("drop");
  await client.cache.invalidation.create({ url: shoe });
  expect(served.imagekit.purged).toHaveLength(2);
});

test("answers that Purge Desk loses, and a ledger that is away, cost nothing: the SDK's caller gets one purge", async () => {
  served.fates.push(
    "lose",
    "drop",
    Response.json({ code: "ledger-unavailable", detail: "away" }, { status: 503 }),
  );
  await sdk({ retryForMs: 0 }).cache.invalidation.create({ url: shoe }, { maxRetries: 3 });
  expect(served.arrivals).toHaveLength(4);
  expect(served.imagekit.purged).toHaveLength(1);
});

test("what Purge Desk refuses is the SDK's own typed error, in ImageKit's words", async () => {
  const create = (url: string, token: string = tokens.purge) =>
    sdk({ token }).cache.invalidation.create({ url });
  await expect(create("nonsense")).rejects.toMatchObject({
    status: 400,
    error: { message: "The URL is not valid for cache purging.", help: expect.stringMatching(/URL/) },
  });
  await expect(create("")).rejects.toBeInstanceOf(ImageKit.BadRequestError);
  await expect(create(shoe, "pd_wrong")).rejects.toBeInstanceOf(ImageKit.AuthenticationError);
  await expect(create(shoe, tokens.read)).rejects.toBeInstanceOf(ImageKit.PermissionDeniedError);
  expect(served.imagekit.purged).toEqual([]);
});

test("ImageKit's refusal arrives as its 400", async () => {
  const message = "The URL is not valid for cache purging.";
  served.imagekit.answer = () => Response.json({ message }, { status: 400 });
  const refused = sdk().cache.invalidation.create({ url: shoe });
  await expect(refused).rejects.toMatchObject({ status: 400, error: { message } });
});

test("an exhausted budget is 429, which the SDK does not send again", async () => {
  const client = sdk();
  for (const n of [1, 2]) await client.cache.invalidation.create({ url: `${shoe}?v=${n}` });
  served.arrivals.length = 0;
  const refused = client.cache.invalidation.create({ url: shoe });
  await expect(refused).rejects.toBeInstanceOf(ImageKit.RateLimitError);
  expect(served.arrivals).toHaveLength(1);
});

test("a purge that ended otherwise is never Completed", async () => {
  served.imagekit.answer = accepting("Pending");
  const client = sdk();
  const { requestId = "" } = await client.cache.invalidation.create({ url: shoe });
  const batch = await purgeDesk({ url: served.url, token: tokens.purge }).batch(requestId);
  time.now += 20 * 60_000;
  await client.cache.invalidation.get(requestId);
  await served.call(`/api/purges/${batch.purges[0]?.id}/close`, { method: "POST", token: tokens.admin });
  await expect(client.cache.invalidation.get(requestId)).rejects.toMatchObject({
    status: 400,
    error: { message: "No request found for this requestId.", help: expect.stringContaining("abandoned") },
  });
});
