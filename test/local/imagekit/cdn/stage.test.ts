import { expect, test } from "vitest";
import { stagedEnds } from "../../../../src/local/imagekit/cdn/stage.ts";
import { control, purged, simulator } from "../simulator.ts";
import { requestAtCdn, shoe } from "./requests.ts";

/** What is read before a purge and after it, where the next purge is staged to end so. */
async function readings(end: (typeof stagedEnds)[number]) {
  const imagekit = await simulator({ settings: { pendingMs: 0, uploads: "before-each-purge" } });
  imagekit.control.cdn.stage(shoe, end);
  const before = await requestAtCdn(imagekit, shoe);
  await purged(imagekit, shoe);
  return { before, after: await requestAtCdn(imagekit, shoe) };
}

test.each([
  ["fresh", { isSame: false, cache: "Miss from cloudfront" }],
  ["unchanged", { isSame: true, cache: "Miss from cloudfront" }],
  ["stale", { isSame: true, age: "3600", cache: "Hit from cloudfront" }],
  ["gone", { isSame: false, status: 404, age: undefined }],
  ["no-fingerprint", { etag: undefined, cache: "Miss from cloudfront" }],
  ["not-allowed", { status: 403 }],
  ["not-an-image", { status: 200, etag: undefined }],
  ["redirected", { status: 302 }],
  ["unexpected-status", { status: 418 }],
  ["age-unknown", { isSame: true, age: undefined, cache: "Hit from cloudfront" }],
  ["age-unusable", { isSame: true, age: "-5" }],
  ["age-unproven", { isSame: true, age: "3600" }],
  ["made-meanwhile", { isSame: true, age: "0", cache: "Hit from cloudfront" }],
  ["cached-not-found", { status: 404, age: "86400" }],
  ["nothing-to-compare", { etag: undefined, age: "3600" }],
  ["server-error", { status: 503 }],
] as const)("%s is what a purge ends in once it was staged", async (end, seen) => {
  const { before, after } = await readings(end);
  expect({ ...after, isSame: after.etag === before.etag }).toMatchObject(seen);
});

test("a copy made at the send is there before a purge that is staged to renew it", async () => {
  expect((await readings("renewed-before")).before.cache).toBe("Miss from cloudfront");
});

test.each(["no-answer", "no-reading-before"] as const)(
  "%s is staged as a fault of the next request",
  async (end) => {
    const imagekit = await simulator();
    imagekit.control.cdn.stage(shoe, end);
    expect(imagekit.control.cdn.faults()).toContainEqual(
      expect.objectContaining({ kind: end === "no-answer" ? "reset" : "hang", urlContains: shoe }),
    );
  },
);

test.each(stagedEnds)("an image staged as %s is served anew once it is staged as fresh", async (end) => {
  const imagekit = await simulator({ settings: { pendingMs: 0, uploads: "before-each-purge" } });
  imagekit.control.cdn.stage(shoe, end);
  await purged(imagekit, shoe);
  imagekit.control.cdn.stage(shoe, "fresh");
  const before = await requestAtCdn(imagekit, shoe);
  expect(before).toMatchObject({ status: 200, age: "3600" });
  await purged(imagekit, shoe);
  const after = await requestAtCdn(imagekit, shoe);
  expect(after).toMatchObject({ status: 200, cache: "Miss from cloudfront" });
  expect(after.etag).not.toBe(before.etag);
});

test("the control API replaces, deletes, warms, cools and stages, and shows what is there", async () => {
  const imagekit = await simulator();
  const image = { url: shoe };
  const at = (path: string) => `/cdn${path}`;
  expect((await control(imagekit, `POST ${at("/images")}`, image)).json).toMatchObject({
    version: 2,
    copy: { version: 1 },
  });
  expect((await control(imagekit, `DELETE ${at("/copies")}`, image)).json.copy).toBeNull();
  expect(
    (await control(imagekit, `POST ${at("/copies")}`, { ...image, ageMs: 5_000 })).json.copy,
  ).toMatchObject({ version: 2 });
  expect((await control(imagekit, `DELETE ${at("/images")}`, image)).json.version).toBe(0);
  expect((await control(imagekit, `GET ${at("")}?url=${encodeURIComponent(shoe)}`)).json).toMatchObject({
    url: shoe,
    version: 0,
  });
  expect(
    (await control(imagekit, `POST ${at("/stage")}`, { ...image, end: "stale" })).json.faults,
  ).toMatchObject([{ kind: "no-upload" }, { kind: "keep-copy" }]);
  expect((await control(imagekit, `DELETE ${at("/faults")}`)).json).toEqual({ faults: [] });
  expect((await control(imagekit, `POST ${at("/faults")}`, { kind: 503 })).json.faults).toHaveLength(1);
  expect((await control(imagekit, `GET ${at("/faults")}`)).json.faults).toHaveLength(1);
  expect((await control(imagekit, `GET ${at("/arrivals")}`)).json).toEqual({ arrivals: [] });
});

test.each([
  ["POST /cdn/images", { url: "/shoes/red.jpg" }],
  ["POST /cdn/images", { url: `${shoe}*` }],
  ["POST /cdn/stage", { url: shoe, end: "melted" }],
  ["POST /cdn/copies", { url: shoe, ageMs: -1 }],
  ["POST /cdn/faults", { kind: 200 }],
  ["GET /cdn", undefined],
])("%s with %o is answered 400 with the reason", async (action, body) => {
  const imagekit = await simulator();
  expect(await control(imagekit, action, body)).toMatchObject({
    status: 400,
    json: { message: expect.stringMatching(/.+/) },
  });
});
