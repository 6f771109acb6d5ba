/** Whether an answer lets the real `@imagekit/nodejs` ask again, which it does after every 408, 429 and 5xx unless told otherwise. */

import ImageKit from "@imagekit/nodejs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createMisconfiguredApp } from "../../src/http/app.ts";
import { maxRequests } from "../../src/http/middleware/load-shedding.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { expectImageKitAnswer } from "../support/imagekit-answer.ts";
import { keepRates } from "../support/keep-rates.ts";
import { hurriedSdk, refused, shoe } from "./drop-in-server.ts";

type Fetch = (request: Request) => Response | Promise<Response>;
type Seen = {
  readonly status: number;
  readonly shouldRetry: string | null;
  readonly retryAfter: string | null;
};

let desk: TestApp;
/** What the SDK was answered, each time that it asked. */
const seen: Seen[] = [];

beforeAll(async () => {
  desk = await startApp();
});
beforeEach(async () => {
  seen.length = 0;
  desk.imagekit.purged.length = 0;
  await desk.redis.flush();
});
afterEach(() => desk.redis.bridge.setFault(undefined));
afterAll(() => desk.close());

/** The SDK, its pauses being over at once, in front of an app without a network between. Every answer is checked. */
function sdkOf(app: Fetch, key: string = tokens.purge): ImageKit {
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const { method } = request;
    const answer = await app(request);
    const { status, headers } = answer;
    const text = await answer.text();
    expectImageKitAnswer({ method, path: new URL(request.url).pathname, status, headers, text });
    const retryAfter = headers.get("Retry-After");
    seen.push({ status, shouldRetry: headers.get("x-should-retry"), retryAfter });
    return new Response(text, {
      status,
      headers: { ...Object.fromEntries(headers), "Retry-After": "0", "Retry-After-Ms": "1" },
    });
  };
  return hurriedSdk({ baseURL: "https://purge.test", privateKey: key, fetch });
}
const toDesk: Fetch = (request) => desk.app.fetch(request, {});
const create = (app: Fetch, key?: string) => sdkOf(app, key).cache.invalidation.create({ url: shoe });
const get = (app: Fetch) => sdkOf(app).cache.invalidation.get("598821f949c0a938d57563bd");
const never = (status: number) => ({ status, shouldRetry: "false", retryAfter: null });
const misconfigured = createMisconfiguredApp(["PURGE_TOKENS: is not set"], () => undefined);

test("408 for a body that does not arrive is not asked again, because the ledger never heard of the request", async () => {
  const cutOff = ({ url, method, headers }: Request) => {
    const body = new ReadableStream({ pull: (sender) => sender.error(new Error("hung up")) });
    return toDesk(new Request(url, { method, headers, ...{ body, duplex: "half" } }));
  };
  expect(await refused(create(cutOff))).toMatchObject({ status: 408 });
  expect(seen).toEqual([never(408)]);
});

test("an instance that has too much to do is not asked again for a purge, but for a status", async () => {
  const endings: (() => void)[] = [];
  const busy = Array.from({ length: maxRequests }, () => {
    const body = new ReadableStream({ start: (held) => void endings.push(() => held.close()) });
    return desk.call("/api/plan", { method: "POST", token: tokens.read, body });
  });
  const failure = await refused(create(toDesk));
  const ofStatus = await refused(get(toDesk));
  for (const end of endings) end();
  await Promise.all(busy);
  expect(failure).toBeInstanceOf(ImageKit.RateLimitError);
  expect(ofStatus).toBeInstanceOf(ImageKit.RateLimitError);
  const busyNow = { status: 429, shouldRetry: null, retryAfter: "1" };
  expect(seen).toEqual([never(429), busyNow, busyNow, busyNow]);
});

test("an instance whose settings are wrong is not asked again for a purge, but for a status", async () => {
  for (const ask of [create, get]) {
    expect(await refused(ask((request) => misconfigured.fetch(request, {})))).toBeInstanceOf(
      ImageKit.InternalServerError,
    );
  }
  const wrongNow = { status: 503, shouldRetry: null, retryAfter: null };
  expect(seen).toEqual([never(503), wrongNow, wrongNow, wrongNow]);
});

test("a deploy that is not live is not asked again for a purge", async () => {
  const env = { IMAGEKIT_API_BASE_URL: "", IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo" };
  const preview = await startApp({ app: { live: () => false }, env });
  await refused(create((request) => preview.app.fetch(request, {})));
  await preview.close();
  expect(seen).toEqual([never(503)]);
});

test("beyond a caller's rate, a pause of up to 10 s is waited for, and a longer one is left to the caller", async () => {
  for (const [rate, pause, refusals] of [
    ["0.1/s:1", "10", 3],
    ["0.09/s:1", null, 1],
  ] as const) {
    seen.length = 0;
    const limited = await startApp({ time: { now: Date.now() }, env: { PURGE_CALLER_RATE: rate } });
    const toLimited: Fetch = (request) => limited.app.fetch(request, {});
    await create(toLimited);
    await keepRates(limited.redis.raw);
    expect(await refused(create(toLimited))).toBeInstanceOf(ImageKit.RateLimitError);
    await limited.close();
    const refusal = pause === null ? never(429) : { status: 429, shouldRetry: null, retryAfter: pause };
    expect(seen.slice(1)).toEqual(Array.from({ length: refusals }, () => refusal));
    expect(limited.imagekit.purged).toHaveLength(1);
  }
});

test("an address that has sent too many wrong keys is not asked again", async () => {
  for (let n = 0; n < 10; n += 1) await refused(create(toDesk, `pd_${String(n).padStart(43, "x")}`));
  expect(seen).toEqual(
    Array.from({ length: 10 }, () => ({ status: 403, shouldRetry: null, retryAfter: null })),
  );
  seen.length = 0;
  await refused(create(toDesk, `pd_${"y".repeat(43)}`));
  expect(seen).toEqual([never(429)]);
  expect(await create(toDesk), "a valid key is never refused").toHaveProperty("requestId");
});

test("a full Redis is not asked again, and a ledger that is away is: the next answer is the purge", async () => {
  desk.redis.bridge.setFault(() => ({
    refused: "OOM command not allowed when used memory > 'maxmemory'.",
  }));
  await refused(create(toDesk));
  expect(seen).toEqual([never(503)]);
  seen.length = 0;
  desk.redis.bridge.setFault(() => (seen.length === 0 ? "lose-request" : "pass"));
  expect(await create(toDesk)).toHaveProperty("requestId");
  expect(seen).toMatchObject([{ status: 503, shouldRetry: null, retryAfter: null }, { status: 201 }]);
  expect(desk.imagekit.purged).toHaveLength(1);
});
