import { describe, expect, test } from "vitest";
import { basic, demo, handClock, poll, post, purged, simulator } from "./simulator.ts";

const help = "For support kindly contact us at support@imagekit.io.";
const notPurgeable = { message: "The URL is not valid for cache purging.", help };
const missingUrl = { message: "Your request is missing URL parameter.", help };

test("a purge is answered 201 with 24 hex digits, and every answer has an x-ik-requestId of its own", async () => {
  const imagekit = await simulator();
  const replies = [
    await post(imagekit, { url: `${demo}/a.jpg` }),
    await post(imagekit, { url: "" }),
    await post(imagekit, {}, { authorization: "" }),
    await poll(imagekit, "none"),
  ];
  expect(replies[0]).toMatchObject({
    status: 201,
    json: { requestId: expect.stringMatching(/^[0-9a-f]{24}$/) },
  });
  const ids = replies.map(({ headers }) => headers.get("x-ik-requestId"));
  expect(ids).not.toContain(null);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  ["no body", "", missingUrl],
  ["no JSON", "{", missingUrl],
  ["no url", {}, missingUrl],
  ["a list", [`${demo}/a.jpg`], missingUrl],
  ["a list as url", { url: [`${demo}/a.jpg`] }, notPurgeable],
  ["an empty url", { url: "" }, notPurgeable],
  ["a wildcard in the middle", { url: `${demo}/*/a.jpg` }, notPurgeable],
])("%s is answered 400 in ImageKit's words and costs nothing", async (_, body, json) => {
  const imagekit = await simulator();
  expect(await post(imagekit, body)).toMatchObject({ status: 400, json });
  expect(imagekit.control.spent()).toBe(0);
  expect(imagekit.arrivals()).toMatchObject([{ outcome: "refused", reply: 400 }]);
});

describe.each(["", "Bearer x", "Basic", basic("")])("the credentials '%s'", (authorization) => {
  test(`the simulated ImageKit answers the credentials '${authorization}' with 401 at both endpoints`, async () => {
    const imagekit = await simulator();
    const reply = { status: 401, json: { message: "Your request does not contain private API key.", help } };
    expect(await post(imagekit, { url: `${demo}/a.jpg` }, { authorization })).toMatchObject(reply);
    expect(await poll(imagekit, "a", authorization)).toMatchObject(reply);
    expect(imagekit.control.spent()).toBe(0);
  });
});

test("another key is answered 403, and the password does not matter", async () => {
  const imagekit = await simulator({ privateKey: "private_schlüssel" });
  const body = { url: `${demo}/a.jpg` };
  expect(await post(imagekit, body, { authorization: basic("private_other") })).toMatchObject({
    status: 403,
    json: { message: "Your account cannot be authenticated.", help },
  });
  const authorization = basic("private_schlüssel", "do_not_set");
  expect(await post(imagekit, body, { authorization })).toMatchObject({ status: 201 });
});

test("a purge is Pending for as long as is set, then Completed for good", async () => {
  const { clock, turn } = handClock();
  const imagekit = await simulator({ clock, settings: { pendingMs: 5_000 } });
  const id = await purged(imagekit, `${demo}/a.jpg`);
  expect((await poll(imagekit, id)).json).toEqual({ status: "Pending" });
  turn(4_999);
  expect((await poll(imagekit, id)).json).toEqual({ status: "Pending" });
  turn(1);
  expect((await poll(imagekit, id)).json).toEqual({ status: "Completed" });
});

test("pending times between two bounds differ, and are the same for the same seed", async () => {
  const completions = async () => {
    const { clock, turn } = handClock();
    const imagekit = await simulator({ clock, settings: { pendingMs: { minMs: 1, maxMs: 100 }, seed: 7 } });
    const ids = [];
    for (const name of ["a", "b", "c"]) ids.push(await purged(imagekit, `${demo}/${name}.jpg`));
    turn(50);
    return Promise.all(ids.map(async (id) => (await poll(imagekit, id)).json.status));
  };
  const first = await completions();
  expect(await completions()).toEqual(first);
  expect(new Set(first).size).toBe(2);
});

test("what never completes by itself completes when told to, one URL or all", async () => {
  const imagekit = await simulator({ settings: { pendingMs: "never" } });
  const [a, b] = [await purged(imagekit, `${demo}/a.jpg`), await purged(imagekit, `${demo}/b.jpg`)];
  expect(imagekit.control.complete(`${demo}/a.jpg`)).toBe(1);
  expect((await poll(imagekit, a)).json).toEqual({ status: "Completed" });
  expect((await poll(imagekit, b)).json).toEqual({ status: "Pending" });
  imagekit.control.change({ completedWord: "Complete" });
  expect(imagekit.control.complete()).toBe(1);
  expect((await poll(imagekit, b)).json).toEqual({ status: "Complete" });
});

test("an id it never gave is answered 400, not 404", async () => {
  const reply = await poll(await simulator(), "598821f949c0a938d57563bd");
  expect(reply).toMatchObject({
    status: 400,
    json: { message: "No request found for this requestId.", help },
  });
});

test("the quota is exact under concurrency, what is beyond it is blocked, and a refusal leaves it alone", async () => {
  const imagekit = await simulator({ settings: { quota: 3 } });
  await post(imagekit, { url: "no" });
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, n) => post(imagekit, { url: `${demo}/${n}.jpg` })),
  );
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(3);
  expect(imagekit.control.totals("send")).toEqual({ total: 11, refused: 1, accepted: 3, blocked: 7 });
  expect(replies.find(({ status }) => status !== 201)).toMatchObject({ status: 403, json: { help } });

  imagekit.control.change({ quotaAnswer: { status: 400, message: "Used up." } });
  expect(await post(imagekit, { url: `${demo}/x.jpg` })).toMatchObject({
    status: 400,
    json: { message: "Used up." },
  });
  imagekit.control.change({ quota: "none" });
  expect(await post(imagekit, { url: `${demo}/x.jpg` })).toMatchObject({ status: 201 });
});

test("refusals cost a unit when that is set", async () => {
  const imagekit = await simulator({ settings: { refusedCosts: true } });
  await post(imagekit, { url: "no" });
  expect(imagekit.control.spent()).toBe(1);
});

test("a rate limit answers 429 with its headers in milliseconds until a token is there again", async () => {
  const { clock, turn } = handClock();
  const rateLimit = { send: { perSecond: 2, burst: 1 }, poll: "none" } as const;
  const imagekit = await simulator({ clock, settings: { rateLimit } });
  const body = { url: `${demo}/a.jpg` };
  expect((await post(imagekit, body)).status).toBe(201);
  const throttled = await post(imagekit, body);
  expect(throttled.status).toBe(429);
  expect(throttled.json).toEqual({ message: expect.any(String) });
  expect(Object.fromEntries(throttled.headers)).toMatchObject({
    "x-ratelimit-limit": "1",
    "x-ratelimit-reset": "500",
    "x-ratelimit-interval": "1000",
  });
  expect((await poll(imagekit, "none")).status).toBe(400);
  turn(500);
  expect((await post(imagekit, body)).status).toBe(201);
  expect(imagekit.control.totals("send")).toEqual({ total: 3, accepted: 2, throttled: 1 });
});

test("latency is fixed, or log-normal and the same for the same seed", async () => {
  const { clock, slept } = handClock();
  const imagekit = await simulator({ clock, settings: { latencyMs: 40 } });
  await poll(imagekit, "none");
  expect(slept).toEqual([40]);

  imagekit.control.change({ latencyMs: { medianMs: 150, sigma: 0.5 } });
  for (let n = 0; n < 40; n += 1) await poll(imagekit, "none");
  imagekit.control.change({ seed: 2 });
  imagekit.control.change({ seed: 1 });
  for (let n = 0; n < 40; n += 1) await poll(imagekit, "none");
  const first = slept.slice(1, 41);
  expect(slept.slice(41)).toEqual(first);
  expect(first.filter((latencyMs) => latencyMs < 150).length).toBeGreaterThan(10);
  expect(first.filter((latencyMs) => latencyMs > 150).length).toBeGreaterThan(10);
});

test("paths that ImageKit does not have are answered 404, and counted", async () => {
  const imagekit = await simulator();
  for (const path of ["/", "/v1/files/purge/", "/v2/cache/invalidations"]) {
    expect((await fetch(imagekit.url + path, { method: "POST", body: "{}" })).status).toBe(404);
  }
  expect(imagekit.control.totals("other").total).toBe(3);
});
