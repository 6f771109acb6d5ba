import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express, { type ErrorRequestHandler } from "express";
import { middleware } from "express-openapi-validator";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApiFile } from "../../src/build/write-openapi.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
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
    headers: { Authorization: `Bearer ${tokens.admin}`, ...(body && { "Content-Type": type }), ...headers },
    ...(body !== undefined && { body }),
  });
  const ofApi = await desk.call(path, {
    method,
    token: tokens.admin,
    headers,
    ...(body !== undefined && { body, type }),
  });
  expect([200, 400], await answer.text()).toContain(answer.status);
  const faults = ["invalid-body", "invalid-query", "invalid-header", "too-many-urls", "malformed-json"];
  return { proxy: answer.status === 200, api: !faults.includes(ofApi.body?.code) };
}

const submission = (json: unknown, headers?: Sent["headers"]): Sent => ({
  path: "/api/purges",
  method: "POST",
  json,
  ...(headers && { headers }),
});
const list = (query: string): Sent => ({ path: `/api/purges?${query}` });
const key = (value: string): Sent => submission({ urls: [shoe] }, { "Idempotency-Key": value });
const time = encodeURIComponent;

describe("the document and the API both accept", () => {
  test.each<[string, Sent]>([
    ["only URLs", submission({ urls: [shoe] })],
    ["every field", submission({ urls: [shoe], reason: "x", onInvalid: "skip", onExhausted: "hold" })],
    ["text", { path: "/api/plan", method: "POST", text: shoe }],
    ["a time in lower case", submission({ urls: [shoe], changedAt: "2026-01-23t18:00:00z" })],
    ["a time with an offset", submission({ urls: [shoe], changedAt: "2026-01-23T18:00:00.123456+02:00" })],
    ["500 characters beyond the BMP", submission({ urls: [shoe], reason: "😀".repeat(500) })],
    ["a key of 255 characters", key("k".repeat(255))],
    ["a key with a comma", key("shoe.jpg, 3")],
    ["a limit", list("limit=100")],
    ["a period", list(`from=${time("2026-01-23t18:00:00z")}&to=${time("2026-02-23T18:00:00+01:00")}`)],
    ["a search", list(`q=${time("schöne Schuhe")}&state=held&actor=shop`)],
    ["a correction", { path: "/api/budget/corrections", method: "POST", json: { external: 0 } }],
  ])("%s", async (_, sent) => {
    expect(await judge(sent)).toEqual({ proxy: true, api: true });
  });
});

describe("the document and the API both refuse", () => {
  test.each<[string, Sent]>([
    ["no URLs", submission({ urls: [] })],
    ["101 URLs", submission({ urls: Array.from({ length: 101 }, () => shoe) })],
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
    ["an unknown parameter", list("sate=held")],
    ["a repeated parameter", list("state=held&state=queued")],
    ["an empty search", list("q=")],
    ["an actor in capitals", list("actor=Shop")],
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
      reason: mostly(fc.string({ unit: "grapheme", maxLength: 20 })),
      changedAt: mostly(times),
      onInvalid: mostly(fc.constantFrom("reject", "skip")),
      onExhausted: mostly(fc.constantFrom("reject", "hold")),
    },
    { requiredKeys: ["urls"] },
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (json) => {
      const { proxy: passes, api } = await judge({ path: "/api/plan", method: "POST", json });
      expect(api).toBe(passes);
    }),
    propertyRuns({ all: 300, fast: 40 }),
  );
});
