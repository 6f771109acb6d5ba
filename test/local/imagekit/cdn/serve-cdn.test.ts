import { expect, test } from "vitest";
import { demo, handClock, purged, simulator } from "../simulator.ts";
import { requestAtCdn, shoe } from "./requests.ts";

const hour = 3_600_000;

test("a URL serves a picture of its image with the headers of CloudFront, as a copy that is an hour old", async () => {
  const { clock } = handClock();
  const imagekit = await simulator({ clock });
  const answer = await requestAtCdn(imagekit, shoe);
  expect(answer).toMatchObject({ status: 200, age: "3600", cache: "Hit from cloudfront" });
  expect(answer.text).toMatch(/^<svg[\s\S]*red\.jpg, version 1[\s\S]*<\/svg>\s*$/);
  expect(answer.header("content-type")).toBe("image/svg+xml");
  expect(answer.header("content-length")).toBe(String(Buffer.byteLength(answer.text)));
  expect(answer.header("x-amz-cf-pop")).toMatch(/\S/);
  expect(Date.parse(answer.header("last-modified") ?? "")).toBeLessThan(clock.now() - hour);
  expect(answer.etag).toMatch(/^"\w{32}"$/);
});

test("HEAD has the headers of GET and no body, and other methods are answered 405", async () => {
  const imagekit = await simulator({ clock: handClock().clock });
  const got = await requestAtCdn(imagekit, shoe);
  const head = await requestAtCdn(imagekit, shoe, { method: "HEAD" });
  for (const name of ["content-type", "content-length", "etag", "last-modified", "age", "x-cache", "vary"]) {
    expect(head.header(name), name).toBe(got.header(name));
  }
  expect(head.text).toBe("");
  expect((await requestAtCdn(imagekit, shoe, { method: "POST" })).status).toBe(405);
});

test("a new copy has no Age and is a miss, and ages from then on", async () => {
  const { clock, turn } = handClock();
  const imagekit = await simulator({ clock });
  imagekit.control.cdn.cool(shoe);
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject({ age: undefined, cache: "Miss from cloudfront" });
  turn(61_900);
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject({ age: "61", cache: "Hit from cloudfront" });
});

test("an image that is replaced is served as before until a purge of its URL is Completed", async () => {
  const imagekit = await simulator({ settings: { pendingMs: "never" } });
  const before = await requestAtCdn(imagekit, shoe);
  expect(imagekit.control.cdn.replace(shoe)).toBe(2);
  await purged(imagekit, shoe);
  expect((await requestAtCdn(imagekit, shoe)).etag).toBe(before.etag);
  imagekit.control.complete();
  const after = await requestAtCdn(imagekit, shoe);
  expect(after.cache).toBe("Miss from cloudfront");
  expect(after.text).toContain("version 2");
  expect(after.etag).not.toBe(before.etag);
  expect((await requestAtCdn(imagekit, shoe)).etag).toBe(after.etag);
});

test("a purge without an upload makes a new copy of the same image", async () => {
  const imagekit = await simulator({ settings: { pendingMs: 0 } });
  const before = await requestAtCdn(imagekit, shoe);
  await purged(imagekit, shoe);
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject({
    etag: before.etag,
    cache: "Miss from cloudfront",
  });
});

test("a purge of a wildcard or by http clears too, also copies of URLs that were never requested", async () => {
  const { clock } = handClock();
  const imagekit = await simulator({ clock, settings: { pendingMs: 0 } });
  const resized = `${demo}/shoes/red.jpg?tr=w-300`;
  await requestAtCdn(imagekit, resized);
  await purged(imagekit, `${demo}/shoes/red.jpg*`);
  await purged(imagekit, "http://ik.imagekit.io/demo/hats/blue.jpg");
  for (const url of [resized, shoe, `${demo}/hats/blue.jpg`]) {
    expect((await requestAtCdn(imagekit, url)).cache, url).toBe("Miss from cloudfront");
  }
});

test("variants show the same version of one image, each as a picture of its own", async () => {
  const imagekit = await simulator();
  imagekit.control.cdn.replace(shoe);
  const variants = [`${demo}/tr:w-300/shoes/red.jpg`, `${demo}/shoes/red.jpg?tr=w-96`];
  for (const url of variants) imagekit.control.cdn.cool(url);
  const [first, second] = await Promise.all(variants.map((url) => requestAtCdn(imagekit, url)));
  expect([first?.text, second?.text]).toEqual([
    expect.stringContaining("version 2"),
    expect.stringContaining("version 2"),
  ]);
  expect(first?.etag).not.toBe(second?.etag);
});

test("the format depends on Accept, and so does the fingerprint", async () => {
  const imagekit = await simulator();
  const etags = await Promise.all(
    ["image/avif,image/webp,*/*", "image/webp", "*/*"].map(
      async (accept) => (await requestAtCdn(imagekit, shoe, { headers: { accept } })).etag,
    ),
  );
  expect(new Set(etags).size).toBe(3);
});

test.each([
  ["bytes=0-0", 206, "bytes 0-0/", 1],
  ["bytes=5-9", 206, "bytes 5-9/", 5],
  ["bytes=-4", 206, undefined, 4],
  ["bytes=999999-", 416, "bytes */", undefined],
  ["bytes=0-1,4-5", 200, undefined, undefined],
  ["pages=1-2", 200, undefined, undefined],
])("GET with Range: %s answers %i", async (range, status, contentRange, length) => {
  const imagekit = await simulator();
  const answer = await requestAtCdn(imagekit, shoe, { headers: { range } });
  expect(answer.status).toBe(status);
  if (contentRange !== undefined) expect(answer.header("content-range")).toContain(contentRange);
  if (length !== undefined) expect(answer.text).toHaveLength(length);
});

test("an image that was deleted is answered 404 once its copy is purged, and is back once it is uploaded", async () => {
  const imagekit = await simulator({ settings: { pendingMs: 0 } });
  imagekit.control.cdn.remove(shoe);
  expect((await requestAtCdn(imagekit, shoe)).status).toBe(200);
  await purged(imagekit, shoe);
  expect((await requestAtCdn(imagekit, shoe)).status).toBe(404);
  imagekit.control.cdn.replace(shoe);
  // The 404 is a copy like any other.
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject({ status: 404, age: "0" });
  await purged(imagekit, shoe);
  expect((await requestAtCdn(imagekit, shoe)).text).toContain("version 2");
});

test("where the shop uploads before each purge, what was served before is the version before", async () => {
  const imagekit = await simulator({ settings: { pendingMs: 0, uploads: "before-each-purge" } });
  imagekit.control.change({ pendingMs: "never" });
  await purged(imagekit, shoe);
  expect((await requestAtCdn(imagekit, shoe)).text).toContain("version 1");
  imagekit.control.complete();
  expect((await requestAtCdn(imagekit, shoe)).text).toContain("version 2");
});

test("requests to the CDN are counted apart from those to the API, with their headers", async () => {
  const imagekit = await simulator();
  await requestAtCdn(imagekit, shoe, { method: "HEAD", headers: { accept: "image/avif" } });
  expect(imagekit.arrivals()).toEqual([]);
  expect(imagekit.control.cdn.arrivals()).toMatchObject([
    { number: 1, method: "HEAD", url: shoe, headers: { accept: "image/avif" }, cache: "hit", reply: 200 },
  ]);
});

test("a reset forgets uploads, copies, faults and arrivals of the CDN", async () => {
  const imagekit = await simulator();
  imagekit.control.cdn.replace(shoe);
  imagekit.control.cdn.cool(shoe);
  imagekit.control.cdn.addFaults({ kind: 503, times: "forever" });
  imagekit.control.reset();
  expect(imagekit.control.cdn.arrivals()).toEqual([]);
  const answer = await requestAtCdn(imagekit, shoe);
  expect(answer).toMatchObject({ status: 200, age: "3600" });
  expect(answer.text).toContain("version 1");
});

test("a name in a URL is only ever text of the picture", async () => {
  const imagekit = await simulator();
  const { text } = await requestAtCdn(imagekit, `${demo}/shoes/%3Ca&amp;%22'(b).jpg`);
  expect(text).toContain("&#60;a&#38;amp;&#34;&#39;(b).jpg");
});
