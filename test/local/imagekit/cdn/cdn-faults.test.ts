import { expect, test } from "vitest";
import { demo, handClock, purged, simulator } from "../simulator.ts";
import { requestAtCdn, shoe } from "./requests.ts";

const other = `${demo}/hats/blue.jpg`;

test("an error strikes as often as was asked for, and only where it was asked for", async () => {
  const imagekit = await simulator();
  imagekit.control.cdn.addFaults({ kind: 503, times: 2, urlContains: "/shoes/", method: "HEAD" });
  const statuses = [];
  for (const [url, method] of [
    [other, "HEAD"],
    [shoe, "GET"],
    [shoe, "HEAD"],
    [shoe, "HEAD"],
    [shoe, "HEAD"],
  ] as const) {
    statuses.push((await requestAtCdn(imagekit, url, { method })).status);
  }
  expect(statuses).toEqual([200, 200, 503, 503, 200]);
});

test.each([
  ["an error with an Age", { kind: 404, headers: { Age: "86400" } }, { status: 404, age: "86400" }],
  ["a page", { kind: "html" }, { status: 200, etag: undefined }],
  ["a redirect", { kind: "redirect" }, { status: 302 }],
  ["another Age", { kind: "headers", headers: { Age: "-5" } }, { status: 200, age: "-5" }],
  ["no Age", { kind: "headers", headers: { Age: null } }, { status: 200, age: undefined }],
  ["a weak etag", { kind: "headers", headers: { ETag: 'W/"1"' } }, { status: 200, etag: 'W/"1"' }],
] as const)("%s is answered once, then the image again", async (_, fault, seen) => {
  const imagekit = await simulator();
  imagekit.control.cdn.addFaults(fault);
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject(seen);
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject({ status: 200, age: "3600" });
});

test("a redirect leads elsewhere, and a page is HTML", async () => {
  const imagekit = await simulator();
  imagekit.control.cdn.addFaults({ kind: "redirect" }, { kind: "html" });
  expect((await requestAtCdn(imagekit, shoe)).header("location")).toMatch(/^\/_cdn\/.+\?redirected$/);
  expect((await requestAtCdn(imagekit, shoe)).header("content-type")).toBe("text/html");
});

test("a reset gives no answer, and the next request is answered", async () => {
  const imagekit = await simulator();
  imagekit.control.cdn.addFaults({ kind: "reset" });
  await expect(requestAtCdn(imagekit, shoe)).rejects.toThrow();
  expect(imagekit.control.cdn.arrivals()).toMatchObject([{ reply: "lost", fault: "reset" }]);
  expect((await requestAtCdn(imagekit, shoe)).status).toBe(200);
});

test("a hang lasts until the simulator is closed", async () => {
  const imagekit = await simulator();
  imagekit.control.cdn.addFaults({ kind: "hang" });
  const hanging = requestAtCdn(imagekit, shoe).then(
    () => "answered",
    () => "no answer",
  );
  await expect.poll(() => imagekit.control.cdn.arrivals()).toMatchObject([{ reply: "open", fault: "hang" }]);
  await imagekit.close();
  expect(await hanging).toBe("no answer");
});

test("a delay comes before the answer", async () => {
  const { clock, slept } = handClock();
  const imagekit = await simulator({ clock });
  imagekit.control.cdn.addFaults({ kind: "headers", headers: {}, delayMs: 2_000 });
  expect((await requestAtCdn(imagekit, shoe)).status).toBe(200);
  expect(slept).toEqual([2_000]);
});

test("a purge whose copy is kept clears nothing, and the next one does", async () => {
  const imagekit = await simulator({ settings: { pendingMs: 0 } });
  imagekit.control.cdn.addFaults({ kind: "keep-copy", urlContains: shoe });
  const before = await requestAtCdn(imagekit, shoe);
  imagekit.control.cdn.replace(shoe);
  await purged(imagekit, shoe);
  expect((await requestAtCdn(imagekit, shoe)).etag).toBe(before.etag);
  await purged(imagekit, shoe);
  expect((await requestAtCdn(imagekit, shoe)).etag).not.toBe(before.etag);
});

test("a purge that clears late leaves the copy until then", async () => {
  const { clock, turn } = handClock();
  const imagekit = await simulator({ clock, settings: { pendingMs: 0 } });
  imagekit.control.cdn.addFaults({ kind: "clear-late", delayMs: 30_000 });
  await requestAtCdn(imagekit, shoe);
  await purged(imagekit, shoe);
  turn(29_999);
  expect((await requestAtCdn(imagekit, shoe)).cache).toBe("Hit from cloudfront");
  turn(1);
  expect((await requestAtCdn(imagekit, shoe)).cache).toBe("Miss from cloudfront");
});

test("a visitor in the meantime leaves a copy made right before Completed", async () => {
  const { clock, turn } = handClock();
  const imagekit = await simulator({ clock, settings: { pendingMs: 10_000 } });
  imagekit.control.cdn.addFaults({ kind: "visitor-meanwhile" });
  await purged(imagekit, `${shoe}*`);
  turn(15_000);
  expect(await requestAtCdn(imagekit, shoe)).toMatchObject({ age: "5", cache: "Hit from cloudfront" });
});

test("a shop that uploads before each purge forgets it once", async () => {
  const imagekit = await simulator({ settings: { pendingMs: 0, uploads: "before-each-purge" } });
  imagekit.control.cdn.addFaults({ kind: "no-upload", urlContains: shoe });
  await purged(imagekit, shoe);
  expect(imagekit.control.cdn.versionOf(shoe)).toBe(1);
  await purged(imagekit, shoe);
  expect(imagekit.control.cdn.versionOf(shoe)).toBe(2);
});

test.each([
  ["an unknown kind", { kind: "melt" }],
  ["a success", { kind: 200 }],
  ["headers that are not said", { kind: "headers" }],
  ["headers of a purge", { kind: "keep-copy", headers: { Age: "1" } }],
  ["a method of a purge", { kind: "no-upload", method: "HEAD" }],
])("%s is no fault, and none is added", async (_, fault) => {
  const { control } = await simulator();
  expect(() => control.cdn.addFaults({ kind: 503 }, JSON.parse(JSON.stringify(fault)))).toThrow();
  expect(control.cdn.faults()).toEqual([]);
});
