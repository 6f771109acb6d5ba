import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PurgeDeskError, type PurgeRequest, purgeDesk } from "../../src/client/client.ts";
import { signed, tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const url = (n: number) => `https://ik.imagekit.io/demo/p/${n}.jpg`;
const image = (folder: string, n: number) => `/products/${folder}/${n}.jpg`;
let served: ServedDesk;

beforeAll(async () => {
  served = await serveDesk();
});
beforeEach(async () => {
  await served.reset();
  const body = {
    paths: ["/products/"],
    endpoints: ["https://ik.imagekit.io/demo"],
    transformations: ["tr:w-{1,2,3}"],
  };
  await served.call("/api/profiles/shop", { method: "PUT", token: tokens.admin, json: body });
});
afterAll(() => served.close());

const desk = (token: string = tokens.purge) => purgeDesk({ url: served.url, token });
const purged = () => served.imagekit.purged.map((body): string => JSON.parse(body).url);
const background = () => Promise.all(served.background);
const failureOf = (request: PurgeRequest, key?: string) =>
  desk()
    .purge(request, { key })
    .then(
      () => undefined,
      (error: unknown) => (error instanceof PurgeDeskError ? error : undefined),
    );

test("500 lines become five batches with keys of their own, and each URL is purged once", async () => {
  const urls = range(500).map((n) => url(n % 480));
  const { batches, units, key } = await desk().purge({ urls }, { key: "sale" });
  expect([batches.length, units, key]).toEqual([5, 480, "sale"]);
  const keys = served.arrivals.map(({ headers }) => headers.get("Idempotency-Key"));
  expect(keys).toEqual([null, "sale", "sale#2", "sale#3", "sale#4", "sale#5"]);
  await background();
  expect([...purged()].sort()).toEqual(range(480).map(url).sort());
});

test("a split request whose answers are lost is not purged twice, by this call or the next with its key", async () => {
  const urls = range(150).map(url);
  served.fates.push("answer", "lose", "answer", "lose");
  const first = await desk().purge({ urls }, { key: "hook" });
  await background();
  const second = await desk().purge({ urls }, { key: "hook" });
  expect(second.batches.map(({ id }) => id)).toEqual(first.batches.map(({ id }) => id));
  expect(purged()).toHaveLength(150);
  expect((await desk().budget()).spent).toBe(150);
});

test("images that make more than 100 purges are split, and the URLs of an image stay in one batch", async () => {
  const images = range(30).map((n) => image("autumn", n));
  const { batches, units } = await desk().purge({ images });
  expect(batches.map(({ lines }) => lines.length)).toEqual([25, 5]);
  expect(units).toBe(120);
});

test("an accepted cover's wildcards are submitted once, in the first batch, without the lines that they clear", async () => {
  const images = [...range(40).map((n) => image("autumn", n)), ...range(30).map((n) => image("winter", n))];
  const request = { images, cover: ["/products/autumn/"] };
  const { batches, units } = await desk(tokens.admin).purge(request);
  const wildcards = batches.map(
    ({ purges }) => purges.filter((each) => each.url.includes("/autumn/")).length,
  );
  expect(wildcards).toEqual([4, 0]);
  expect(units).toBe(4 + 30 * 4);
});

test("a signed URL of a split request is submitted as it was given, although a plan masks it", async () => {
  await desk().purge({ urls: [signed, ...range(120).map(url)] });
  await background();
  expect(purged()).toContain(signed);
});

test("a signed URL that names an image is submitted as it was given, next to what its profile makes", async () => {
  const given = `https://ik.imagekit.io/demo/tr:h-9${image("autumn", 1)}?ik-t=1900000000&ik-s=0123456789abcdef`;
  const images = [...range(30).map((n) => image("autumn", n)), given];
  const { units } = await desk().purge({ images });
  await background();
  expect(purged()).toContain(given);
  expect(units).toBe(121);
});

test("what joins another purge is submitted too, so that its batch follows it", async () => {
  await desk().purge({ urls: [url(1)], settleSeconds: 600 });
  const { batches, units } = await desk().purge({ urls: range(150).map(url), settleSeconds: 600 });
  expect(units).toBe(149);
  expect(new Set(batches.flatMap(({ purges }) => purges.map((purge) => purge.url))).size).toBe(150);
});

test("a bad line refuses the whole split request before anything is submitted", async () => {
  const failure = await failureOf({ urls: [...range(150).map(url), "nonsense"] });
  expect(failure).toMatchObject({
    code: "invalid-urls",
    batches: [],
    message: expect.stringMatching(/^Line 151 cannot be purged; nothing .* Line 151: \w+/),
  });
  expect(failure?.problem?.lines?.at(-1)).toMatchObject({ verdict: "rejected" });
  expect(served.imagekit.purged).toEqual([]);
});

test("with skip a split request leaves its bad lines out and says them, mistakes too", async () => {
  const urls = [...range(150).map(url), "nonsense", "https://ik.imagekit.io/demo/{{image}}.jpg"];
  const { rejected, units } = await desk().purge({ urls, onInvalid: "skip" });
  expect(rejected.map(({ line, violations }) => [line, violations[0]?.code])).toEqual([
    [151, "not-a-url"],
    [152, "probably-a-mistake"],
  ]);
  expect(units).toBe(150);
});

test("if a later part is refused, the error carries the batches that were accepted", async () => {
  await served.call("/api/budget/corrections", {
    method: "POST",
    token: tokens.admin,
    json: { external: 850 },
  });
  const failure = await failureOf({ urls: range(250).map(url) }, "too much");
  expect(failure).toMatchObject({ code: "budget-exhausted", key: "too much" });
  expect(failure?.batches.map(({ units }) => units)).toEqual([100]);
});

test("a later part that the token may not purge names its lines as in the whole request", async () => {
  const failure = await failureOf({ urls: [...range(130).map(url), `${url(7)}*`] });
  expect(failure).toMatchObject({
    code: "forbidden",
    message: "Line 131 needs the scope wildcard.",
    problem: { lines: [131], scope: "wildcard" },
  });
  expect(failure?.batches.map(({ units }) => units)).toEqual([100]);
});

test("a later part that repeats a line of an earlier one names it, and what was accepted before it", async () => {
  const strict = await serveDesk({ env: { PURGE_REPEAT_LIMIT: "1" } });
  const urls = [...range(130).map(url), `${url(7)}?v=2`];
  const strictDesk = purgeDesk({ url: strict.url, token: tokens.purge });
  const failure = await strictDesk.purge({ urls }, { key: "k" }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "invalid-urls",
    key: "k",
    message: expect.stringMatching(/^Line 131 cannot be purged\. Line 131: Find out what repeats/),
    batches: [{ units: 100 }],
  });
  const lines = failure instanceof PurgeDeskError ? failure.problem?.lines : undefined;
  expect(lines?.at(-1)).toMatchObject({
    line: 131,
    verdict: "rejected",
    violations: [{ code: "repeating" }],
  });
  await strict.close();
});

test("a line of a later part is named as what it was given as, also where a URL and an image have the same text", async () => {
  const strict = await serveDesk({ env: { PURGE_REPEAT_LIMIT: "1" } });
  const strictDesk = purgeDesk({ url: strict.url, token: tokens.purge });
  await strictDesk.purge({ images: [url(7)] });
  // The image's wildcard clears the URL too, so only the image is submitted.
  const request = { urls: range(130).map(url), images: [url(7)], onInvalid: "skip" } as const;
  const { rejected } = await strictDesk.purge(request);
  expect(rejected).toMatchObject([{ line: 131, input: url(7), violations: [{ code: "repeating" }] }]);
  await strict.close();
});

test("more lines than one plan takes are refused with the limit", async () => {
  expect(await failureOf({ urls: range(1_001).map(url) })).toMatchObject({
    code: "too-many-urls",
    batches: [],
  });
});
