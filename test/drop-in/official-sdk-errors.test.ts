/** What the real `@imagekit/nodejs` throws, and that it asks again only where that may help. */

import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { keepRates } from "../support/keep-rates.ts";
import { second } from "../support/test-ledger.ts";
import { type DropInServer, refused, shoe, startDropInServer } from "./drop-in-server.ts";

let desk: DropInServer;

beforeAll(async () => {
  desk = await startDropInServer();
});
beforeEach(() => desk.clear());
afterAll(() => desk.close());

const create = (url?: string, key?: string) => desk.create(url, key);
const get = (id: string) => desk.sdk().cache.invalidation.get(id);

describe("the SDK's typed errors", () => {
  test("BadRequestError for a URL that may not be purged, with what would pass; the SDK asks once", async () => {
    const error = await refused(create("https://ik.imagekit.io/demo/a*"));
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.message).toBe("400 The URL is not valid for cache purging.");
    expect(error.error.help).toMatch(/^wildcard-too-broad: .*\/a\/autumn\/\*/);
    expect(desk.retries).toEqual(["0"]);
    await desk.expectUnits(0);
  });

  test("BadRequestError if ImageKit refuses the purge at once, and its unit is free again", async () => {
    desk.imagekit.control.addFaults({
      endpoint: "send",
      kind: 400,
      message: "The URL is not valid for cache purging.",
    });
    const error = await refused(create());
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.error.help).toContain("ImageKit refused it");
    expect(await desk.units()).toBe(0);
  });

  test("BadRequestError with ImageKit's sentence for an id that nobody gave", async () => {
    const error = await refused(get("598821f949c0a938d57563bd"));
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.message).toBe("400 No request found for this requestId.");
  });

  test("AuthenticationError without a key, PermissionDeniedError with ImageKit's own key or too small a scope", async () => {
    // The SDK itself refuses an empty key; before a colon the user is empty.
    expect(await refused(create(shoe, ":"))).toBeInstanceOf(ImageKit.AuthenticationError);
    const key = "private_c2hvZXN0b3JlOnNlY3JldA==";
    const error = await refused(create(shoe, key));
    expect(error).toBeInstanceOf(ImageKit.PermissionDeniedError);
    expect(error.error.help).toContain("not ImageKit's private key");
    const small = await refused(create(`${shoe}*`, tokens.purge));
    expect(small).toBeInstanceOf(ImageKit.PermissionDeniedError);
    expect(small.error.help).toContain("wildcard");
    for (const secret of [key, btoa(key).slice(0, 16)]) expect(desk.logged.join("\n")).not.toContain(secret);
    expect(desk.retries).toEqual(["0", "0", "0"]);
  });

  test("NotFoundError for every other call, which names the two that are served", async () => {
    const client = desk.sdk();
    const upload = client.files.upload({ file: "https://shop.example/a.jpg", fileName: "a.jpg" });
    for (const call of [client.assets.list(), client.files.get("1"), client.files.delete("1"), upload]) {
      const error = await refused(call);
      expect(error).toBeInstanceOf(ImageKit.NotFoundError);
      expect(error.message).toContain("This base URL serves cache purges only");
    }
  });

  test("APIUserAbortError for a call that its caller aborted", async () => {
    const error = await refused(
      desk.sdk().cache.invalidation.create({ url: shoe }, { signal: AbortSignal.abort() }),
    );
    expect(error).toBeInstanceOf(ImageKit.APIUserAbortError);
    await desk.expectUnits(0);
  });
});

describe("a server that is away", () => {
  test.each([
    ["APIConnectionError where every answer is lost", "reset", ImageKit.APIConnectionError],
    ["APIConnectionTimeoutError where no answer comes", "hang", ImageKit.APIConnectionTimeoutError],
    ["InternalServerError where a gateway answers", 502, ImageKit.InternalServerError],
  ] as const)("%s, after three requests, which were one purge", async (_, way, kind) => {
    desk.ways.push(way, way, way);
    expect(await refused(create())).toBeInstanceOf(kind);
    expect(desk.retries).toEqual(["0", "1", "2"]);
    await desk.expectUnits(1);
  });

  test("InternalServerError while the ledger is away, which says what a resend costs", async () => {
    desk.redis.bridge.setFault(() => "lose-request");
    const error = await refused(create());
    expect(error).toBeInstanceOf(ImageKit.InternalServerError);
    expect(error.error.help).toContain("an SDK's own resend, it costs nothing more");
    expect(desk.retries).toEqual(["0", "1", "2"]);
  });
});

describe("limits", () => {
  test("RateLimitError when the budget is used up, and the SDK does not ask again", async () => {
    const small = await startDropInServer({ PURGE_MONTHLY_QUOTA: "1" });
    await small.create();
    const error = await refused(small.create(`${shoe}*`));
    expect(error).toBeInstanceOf(ImageKit.RateLimitError);
    expect(error.message).toContain("0 of 1 are left until 2026-12-01");
    expect(small.retries).toEqual(["0", "0"]);
    await small.close();
  });

  test("RateLimitError when a caller repeats itself, and the SDK does not ask again", async () => {
    const strict = await startDropInServer({ PURGE_REPEAT_LIMIT: "1" });
    await strict.create();
    strict.time.now += second;
    const error = await refused(strict.create());
    expect(error).toBeInstanceOf(ImageKit.RateLimitError);
    expect(error.message).toContain("repeating");
    expect(strict.retries).toEqual(["0", "0"]);
    await strict.close();
  });

  test("beyond a caller's rate the SDK waits as long as it is told, and its resend is accepted", async () => {
    const slow = await startDropInServer({ PURGE_CALLER_RATE: "0.1/s:1" });
    await slow.create();
    await keepRates(slow.redis.raw);
    await slow.create(`${shoe}*`);
    expect(slow.answers).toEqual(["201", "429 after 10 s", "201"]);
    expect(slow.retries).toEqual(["0", "0", "1"]);
    await slow.close();
  });
});
