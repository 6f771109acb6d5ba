import { describe, expect, test } from "vitest";
import { demo, handClock, poll, post, purged, simulator } from "./simulator.ts";

const body = { url: `${demo}/a.jpg` };
const rejected = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });

describe.each([
  { kind: 400, words: "The URL is not valid for cache purging.", outcome: "refused" },
  { kind: 401, words: "Your request does not contain private API key.", outcome: "unauthorized" },
  { kind: 403, words: "Your account cannot be authenticated.", outcome: "unauthorized" },
  { kind: 404, words: "Not Found", outcome: "failed" },
])("the fault $kind", ({ kind, words, outcome }) => {
  test(`the fault ${kind} answers in ImageKit's words, processes nothing, and is over after one request`, async () => {
    const imagekit = await simulator();
    imagekit.control.addFaults({ endpoint: "send", kind });
    expect(await post(imagekit, body)).toMatchObject({ status: kind, json: { message: words } });
    expect(imagekit.control.spent()).toBe(0);
    expect((await post(imagekit, body)).status).toBe(201);
    expect(imagekit.arrivals()).toMatchObject([
      { ...body, outcome, reply: kind, fault: String(kind) },
      { ...body, outcome: "accepted", reply: 201 },
    ]);
  });

  test(`the fault ${kind} can have another message`, async () => {
    const imagekit = await simulator();
    imagekit.control.addFaults({ endpoint: "any", kind, message: "Else." });
    expect((await poll(imagekit, "a")).json).toMatchObject({ message: "Else." });
  });
});

test("the fault 429 has the three headers, its reset in milliseconds, and no help", async () => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "any", kind: 429, resetMs: 2_500, times: 2 });
  for (const reply of [await post(imagekit, body), await poll(imagekit, "a")]) {
    expect(reply).toMatchObject({ status: 429, json: { message: expect.any(String) } });
    expect(reply.json).not.toHaveProperty("help");
    expect(reply.headers.get("x-ratelimit-reset")).toBe("2500");
    expect(reply.headers.has("x-ratelimit-limit") && reply.headers.has("x-ratelimit-interval")).toBe(true);
  }
  expect(imagekit.control.totals("send")).toEqual({ total: 1, throttled: 1 });
});

test.each([500, 502, 503, 504])("the fault %i answers in HTML", async (kind) => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind });
  const { status, headers, text } = await post(imagekit, body);
  expect(status).toBe(kind);
  expect(headers.get("content-type")).toBe("text/html");
  expect(text).toMatch(/^<html>/);
  expect(imagekit.control.totals("send")).toEqual({ total: 1, failed: 1 });
});

test("an error can hide a purge that was processed, and the arrivals tell", async () => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind: 502, processed: true });
  expect((await post(imagekit, body)).status).toBe(502);
  expect(imagekit.control.spent()).toBe(1);
  const [arrival] = imagekit.arrivals();
  expect(arrival).toMatchObject({ outcome: "accepted", reply: 502, fault: "502" });
  expect((await poll(imagekit, arrival?.imagekitRequestId ?? "")).json).toEqual({ status: "Pending" });
});

test("slow answers rightly, later, with the purge processed at once", async () => {
  const { clock, slept } = handClock();
  const imagekit = await simulator({ clock });
  imagekit.control.addFaults(
    { endpoint: "send", kind: "slow" },
    { endpoint: "send", kind: "slow", delayMs: 250 },
    { endpoint: "send", kind: 500, delayMs: 30 },
  );
  expect((await post(imagekit, body)).status).toBe(201);
  expect((await post(imagekit, body)).status).toBe(201);
  expect((await post(imagekit, body)).status).toBe(500);
  expect(slept).toEqual([1_000, 250, 30]);
});

test("a purge whose caller gives up on a slow answer is accepted all the same, its reply lost", async () => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind: "slow", delayMs: 60_000 });
  const giveUp = new AbortController();
  const asked = post(imagekit, body, { signal: giveUp.signal });
  await expect.poll(() => imagekit.control.spent()).toBe(1);
  giveUp.abort();
  await expect(asked).rejects.toThrow("aborted");
  await expect.poll(() => imagekit.arrivals()).toMatchObject([{ outcome: "accepted", reply: "lost" }]);
});

test.each([
  [false, { outcome: "lost-before", reply: "lost" }],
  [true, { outcome: "accepted", reply: "lost" }],
])("hang never answers; processed: %s", async (processed, arrival) => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind: "hang", processed });
  const asked = post(imagekit, body);
  await expect.poll(() => imagekit.arrivals()).toMatchObject([{ ...body, ...arrival }]);
  expect(await Promise.race([asked, "still waiting"])).toBe("still waiting");
  await imagekit.close();
  await expect(asked).rejects.toThrow();
});

test("reset-before-body-is-read resets; the arrival is counted without its URL, and nothing is processed", async () => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind: "reset-before-body-is-read" });
  await expect(post(imagekit, body)).rejects.toEqual(rejected("ECONNRESET"));
  expect(imagekit.arrivals()).toMatchObject([{ endpoint: "send", outcome: "lost-before", reply: "lost" }]);
  expect(imagekit.arrivals()[0]?.url).toBeUndefined();
  expect(imagekit.control.byUrl().get("")).toEqual({ total: 1, "lost-before": 1 });
  expect(imagekit.control.spent()).toBe(0);
});

test("reset-after-processing resets, but the purge is accepted and completes", async () => {
  const imagekit = await simulator({ settings: { pendingMs: 0 } });
  imagekit.control.addFaults({ endpoint: "send", kind: "reset-after-processing" });
  await expect(post(imagekit, body)).rejects.toEqual(rejected("ECONNRESET"));
  expect(imagekit.control.spent()).toBe(1);
  const [arrival] = imagekit.arrivals();
  expect(arrival).toMatchObject({ ...body, outcome: "accepted", reply: "lost" });
  expect((await poll(imagekit, arrival?.imagekitRequestId ?? "")).json).toEqual({ status: "Completed" });
});

test.each(["garbage", "no-request-id"] as const)("%s accepts without a usable id", async (kind) => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind });
  const reply = await post(imagekit, body);
  expect(reply.status).toBe(201);
  expect(reply.json).not.toHaveProperty("requestId");
  expect(reply.text.startsWith("{")).toBe(kind === "no-request-id");
  expect(imagekit.arrivals()).toMatchObject([{ outcome: "accepted", reply: 201 }]);
});

test("garbage in answer to a poll says no status", async () => {
  const imagekit = await simulator();
  const id = await purged(imagekit, body.url);
  imagekit.control.addFaults({ endpoint: "poll", kind: "garbage" });
  const reply = await poll(imagekit, id);
  expect([reply.status, reply.json]).toEqual([200, {}]);
});

test("redirect processes nothing, and whoever follows it arrives again", async () => {
  const imagekit = await simulator();
  imagekit.control.addFaults({ endpoint: "send", kind: "redirect" });
  const reply = await post(imagekit, body);
  expect(reply.status).toBe(302);
  expect(imagekit.control.spent()).toBe(0);
  await fetch(new URL(reply.headers.get("location") ?? "", imagekit.url));
  expect(imagekit.arrivals().map(({ endpoint, outcome }) => `${endpoint} ${outcome}`)).toEqual([
    "send failed",
    "other failed",
  ]);
});

test("faults strike in their order, as often as they say, only at their endpoint and URL", async () => {
  const imagekit = await simulator();
  imagekit.control.addFaults(
    { endpoint: "poll", kind: 401 },
    { endpoint: "send", kind: 503, urlContains: "/b." },
    { endpoint: "send", kind: 500, times: 2 },
    { endpoint: "any", kind: 502, times: "forever" },
  );
  const statuses = [];
  for (const name of ["a", "b", "c", "d", "b"]) {
    statuses.push((await post(imagekit, { url: `${demo}/${name}.jpg` })).status);
  }
  expect(statuses).toEqual([500, 503, 500, 502, 502]);
  expect([(await poll(imagekit, "a")).status, (await poll(imagekit, "a")).status]).toEqual([401, 502]);
  expect(imagekit.control.faults()).toMatchObject([{ kind: 502, times: "forever" }]);
  imagekit.control.clearFaults();
  expect((await post(imagekit, body)).status).toBe(201);
});

test("a poll's fault can be chosen by the URL that its id stands for", async () => {
  const imagekit = await simulator();
  const [a, b] = [await purged(imagekit, `${demo}/a.jpg`), await purged(imagekit, `${demo}/b.jpg`)];
  imagekit.control.addFaults({ endpoint: "poll", kind: 503, urlContains: "/b.jpg", times: "forever" });
  expect([(await poll(imagekit, a)).status, (await poll(imagekit, b)).status]).toEqual([200, 503]);
});

test("a fault with a probability strikes some requests, the same ones for the same seed", async () => {
  const struck = async (seed: number) => {
    const imagekit = await simulator();
    imagekit.control.addFaults({ endpoint: "send", kind: 500, times: "forever", probability: 0.5, seed });
    const statuses = [];
    for (let n = 0; n < 30; n += 1) statuses.push((await post(imagekit, body)).status);
    return statuses.join();
  };
  const first = await struck(1);
  expect(first).toContain("500");
  expect(first).toContain("201");
  expect(await struck(1)).toBe(first);
  expect(await struck(2)).not.toBe(first);
});

test.each([
  { endpoint: "send", kind: 200 },
  { endpoint: "send", kind: "explode" },
  { endpoint: "send", kind: 500, times: 0 },
  { endpoint: "send", kind: "slow", processed: false },
  { endpoint: "send", kind: "reset-before-body-is-read", urlContains: "a" },
  { endpoint: "send", kind: 500, delay: 5 },
])("the fault %o makes no sense, and nothing is added", async (fault) => {
  const imagekit = await simulator();
  const faults = [{ endpoint: "send", kind: 500 }, fault];
  expect(() => Reflect.apply(imagekit.control.addFaults, undefined, faults)).toThrow();
  expect(imagekit.control.faults()).toEqual([]);
});
