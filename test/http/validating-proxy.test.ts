import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express, { type ErrorRequestHandler } from "express";
import { middleware } from "express-openapi-validator";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApiFile } from "../../src/build/write-openapi.ts";
import { authorizationOf, startApp, type TestApp, tokens } from "../support/app.ts";
import { propertyRuns } from "../support/property-runs.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
let desk: TestApp;
let proxy: Server;

beforeAll(async () => {
  desk = await startApp();
  proxy = validatorOf(fileURLToPath(openApiFile)).listen(0);
});
afterAll(async () => {
  proxy.close();
  await desk.close();
});

/** What a gateway does that checks requests against the document, with its default settings. */
function validatorOf(apiSpec: string) {
  const refuse: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ message: error.message });
  };
  return express()
    .use(express.json({ strict: false }), express.text(), middleware({ apiSpec }))
    .use((_request, response) => void response.status(200).end())
    .use(refuse);
}

type Sent = {
  readonly path: string;
  readonly method?: string;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Whether the validator lets it pass, and whether the API accepts its form (a refused line is not a matter of form). */
async function judge({ path, method = "GET", json, text, headers = {} }: Sent) {
  const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = text === undefined ? "application/json" : "text/plain";
  const { port } = proxy.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      Authorization: authorizationOf(path, tokens.admin),
      ...(body && { "Content-Type": type }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const ofApi = await desk.call(path, {
    method,
    token: tokens.admin,
    headers,
    ...(body !== undefined && { body, type }),
  });
  expect([200, 400], await answer.text()).toContain(answer.status);
  const faults = [
    "invalid-body",
    "invalid-query",
    "invalid-header",
    "too-many-urls",
    "too-many-targets",
    "malformed-json",
  ];
  const isFaulty = faults.includes(ofApi.body?.code) || ofApi.text.includes("missing URL parameter");
  return { proxy: answer.status === 200, api: !isFaulty };
}

const submission = (json: unknown, headers?: Sent["headers"]): Sent => ({
  path: "/api/purges",
  method: "POST",
  json,
  ...(headers && { headers }),
});
const dropIn = (json: unknown, headers?: Sent["headers"]): Sent => ({
  ...submission(json, headers),
  path: "/v1/files/purge",
});
const list = (query: string): Sent => ({ path: `/api/purges?${query}` });
const key = (value: string): Sent => submission({ urls: [shoe] }, { "Idempotency-Key": value });
const time = encodeURIComponent;
const linesOf = (count: number) => Array.from({ length: count }, () => shoe);
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const profile = (json: unknown, version?: string): Sent => ({
  path: "/api/profiles/shop",
  method: "PUT",
  json,
  ...(version !== undefined && { headers: { "If-Match": version } }),
});

describe("the document and the API both accept", () => {
  test.each<[string, Sent]>([
    ["only URLs", submission({ urls: [shoe] })],
    ["every field", submission({ urls: [shoe], reason: "x", onInvalid: "skip", onExhausted: "hold" })],
    ["only images", submission({ images: ["/a.jpg"] })],
    ["no URLs beside images", submission({ urls: [], images: ["/a.jpg"] })],
    ["folders", submission({ images: ["/a/b.jpg"], cover: ["/a/", "/s%C3%A4le/2026/"] })],
    ["a send time", submission({ urls: [shoe], sendAfter: inAnHour() })],
    ["an hour to settle", submission({ urls: [shoe], settleSeconds: 3_600 })],
    ["a check", submission({ urls: [shoe], check: true })],
    ["a purge without a check", submission({ urls: [shoe], check: false })],
    ["text", { path: "/api/plan", method: "POST", text: shoe }],
    ["a text of images", { path: "/api/plan?as=images", method: "POST", text: "/a.jpg" }],
    ["1,000 lines to plan", { path: "/api/plan", method: "POST", json: { urls: linesOf(1_000) } }],
    ["a profile", profile({ paths: ["/"], endpoints: ["https://ik.imagekit.io/demo"] })],
    ["a profile's version", profile({ paths: ["/"], endpoints: ["https://ik.imagekit.io/demo"] }, '"12"')],
    ["a text to learn from", { path: "/api/profiles/learn", method: "POST", text: shoe }],
    ["a time in lower case", submission({ urls: [shoe], changedAt: "2026-01-23t18:00:00z" })],
    ["a time with an offset", submission({ urls: [shoe], changedAt: "2026-01-23T18:00:00.123456+02:00" })],
    ["500 characters beyond the BMP", submission({ urls: [shoe], reason: "😀".repeat(500) })],
    ["a key of 255 characters", key("k".repeat(255))],
    ["a key with a comma", key("shoe.jpg, 3")],
    ["a limit", list("limit=100")],
    ["a period", list(`from=${time("2026-01-23t18:00:00z")}&to=${time("2026-02-23T18:00:00+01:00")}`)],
    ["an outcome of the edge check", list("edge=unproven&state=completed")],
    ["a search", list(`q=${time("schöne Schuhe")}&state=held&actor=shop`)],
    ["a URL for ImageKit", dropIn({ url: shoe })],
    ["a resend for ImageKit", dropIn({ url: shoe, more: 1 }, { "X-Stainless-Retry-Count": "2" })],
    ["the status of a purge at ImageKit", { path: `/v1/files/purge/${"0".repeat(24)}` }],
    ["a correction", { path: "/api/budget/corrections", method: "POST", json: { external: 0 } }],
  ])("%s", async (_, sent) => {
    expect(await judge(sent)).toEqual({ proxy: true, api: true });
  });
});

describe("the document and the API both refuse", () => {
  test.each<[string, Sent]>([
    ["no URLs", submission({ urls: [] })],
    ["neither a URL nor an image", submission({ urls: [], images: [] })],
    ["101 URLs", submission({ urls: linesOf(101) })],
    ["101 images", submission({ images: linesOf(101) })],
    ["1,001 lines to plan", { path: "/api/plan", method: "POST", json: { images: linesOf(1_001) } }],
    ["the root as a folder", submission({ urls: [shoe], cover: ["/"] })],
    ["a folder with a wildcard", submission({ urls: [shoe], cover: ["/a/*"] })],
    ["a folder that leads upwards", submission({ urls: [shoe], cover: ["/a/../"] })],
    ["a folder without its last slash", submission({ urls: [shoe], cover: ["/a"] })],
    ["more than an hour to settle", submission({ urls: [shoe], settleSeconds: 3_601 })],
    [
      "a send time and a time to settle",
      submission({ urls: [shoe], sendAfter: inAnHour(), settleSeconds: 0 }),
    ],
    ["a text of something else", { path: "/api/plan?as=folders", method: "POST", text: "/a.jpg" }],
    ["a profile without paths", profile({ paths: [], endpoints: ["https://ik.imagekit.io/demo"] })],
    [
      "a version that is no number",
      profile({ paths: ["/"], endpoints: ["https://ik.imagekit.io/demo"] }, '"new"'),
    ],
    ["an unknown field", submission({ urls: [shoe], force: true })],
    ["an unknown word", submission({ urls: [shoe], onInvalid: "ignore" })],
    ["a time without a zone", submission({ urls: [shoe], changedAt: "2026-01-23T18:00:00" })],
    ["501 characters beyond the BMP", submission({ urls: [shoe], reason: "😀".repeat(501) })],
    ["an empty key", key("")],
    ["a key of 256 characters", key("k".repeat(256))],
    ["a key with a tab", key("a\tb")],
    ["a key beyond ASCII", key("clé")],
    ["a limit of 0", list("limit=0")],
    ["a limit of 101", list("limit=101")],
    ["a limit with a fraction", list("limit=1.5")],
    ["a check that is no yes or no", submission({ urls: [shoe], check: "yes" })],
    ["an unknown outcome", list("edge=shiny")],
    ["an unknown parameter", list("sate=held")],
    ["a repeated parameter", list("state=held&state=queued")],
    ["an empty search", list("q=")],
    ["an actor in capitals", list("actor=Shop")],
    ["no URL for ImageKit", dropIn({ urls: [shoe] })],
    ["several URLs for ImageKit", dropIn({ url: [shoe] })],
    ["a text for ImageKit", dropIn(shoe)],
    ["half a unit", { path: "/api/budget/corrections", method: "POST", json: { external: 0.5 } }],
  ])("%s", async (_, sent) => {
    expect(await judge(sent)).toEqual({ proxy: false, api: false });
  });
});

test("the document and the API agree on whatever is sent", async () => {
  const mostly = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: good }, fc.jsonValue());
  const times = fc
    .date({ min: new Date("1970-01-01"), max: new Date("2026-01-01"), noInvalidDate: true })
    .chain((at) => fc.constantFrom(at.toISOString(), at.toISOString().toLowerCase(), at.toUTCString()));
  const bodies = fc.record(
    {
      urls: mostly(fc.array(fc.constantFrom(shoe, "x", ""), { maxLength: 3 })),
      images: mostly(fc.array(fc.constantFrom("/a.jpg", shoe, "x", ""), { maxLength: 3 })),
      cover: mostly(fc.array(fc.constantFrom("/a/", "/a/b/", "/", "a/"), { maxLength: 2 })),
      settleSeconds: mostly(fc.integer({ min: -1, max: 3_602 })),
      reason: mostly(fc.string({ unit: "grapheme", maxLength: 20 })),
      changedAt: mostly(times),
      check: mostly(fc.boolean()),
      onInvalid: mostly(fc.constantFrom("reject", "skip")),
      onExhausted: mostly(fc.constantFrom("reject", "hold")),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (json) => {
      const { proxy: passes, api } = await judge({ path: "/api/plan", method: "POST", json });
      expect(api).toBe(passes);
    }),
    propertyRuns({ all: 300, fast: 40 }),
  );
});
