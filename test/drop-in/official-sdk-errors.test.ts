/** What the real `@imagekit/nodejs` throws, and that it asks again only where that may help. */

import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tokens } from "../support/app.ts";
import { second } from "../support/test-ledger.ts";
import { type DropInServer, startDropInServer } from "./drop-in-server.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
let desk: DropInServer;

beforeAll(async () => {
  desk = await startDropInServer();
});
beforeEach(() => desk.clear());
afterAll(() => desk.close());

const create = (url = shoe, options: Parameters<DropInServer["sdk"]>[0] = {}) =>
  desk.sdk(options).cache.invalidation.create({ url });
const get = (id = "") => desk.sdk().cache.invalidation.get(id);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("was accepted"),
    (error) => error,
  );
/** Every purge that ImageKit took, or may have taken, is paid for. */
const expectNoMoreSendsThan = async (units: number) => {
  expect(await desk.units()).toBe(units);
  expect(desk.imagekit.control.totals("send").accepted ?? 0).toBeLessThanOrEqual(units);
};

describe("the SDK's typed errors", () => {
  test("BadRequestError for a URL that may not be purged, with what would pass; the SDK asks once", async () => {
    const error = await refused(create("https://ik.imagekit.io/demo/a*"));
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.message).toBe("400 The URL is not valid for cache purging.");
    expect(error.error.help).toMatch(/^wildcard-too-broad: .*\/a\/autumn\/\*/);
    expect(desk.retries).toEqual(["0"]);
    await expectNoMoreSendsThan(0);
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
    await expectNoMoreSendsThan(0);
  });

  test("BadRequestError with ImageKit's sentence for an id that nobody gave", async () => {
    const error = await refused(get("598821f949c0a938d57563bd"));
    expect(error).toBeInstanceOf(ImageKit.BadRequestError);
    expect(error.message).toBe("400 No request found for this requestId.");
  });

  test("AuthenticationError without a key, PermissionDeniedError with ImageKit's own key or too small a scope", async () => {
    // The SDK itself refuses an empty key; before a colon the user is empty.
    expect(await refused(create(shoe, { key: ":" }))).toBeInstanceOf(ImageKit.AuthenticationError);
    const key = "private_c2hvZXN0b3JlOnNlY3JldA==";
    const error = await refused(create(shoe, { key }));
    expect(error).toBeInstanceOf(ImageKit.PermissionDeniedError);
    expect(error.error.help).toContain("not ImageKit's private key");
    const small = await refused(create(`${shoe}*`, { key: tokens.purge }));
    expect(small).toBeInstanceOf(ImageKit.PermissionDeniedError);
    expect(small.error.help).toContain("wildcard");
    for (const secret of [key, btoa(key).slice(0, 16)]) expect(desk.logged.join("\n")).not.toContain(secret);
    expect(desk.retries).toEqual(["0", "0", "0"]);
  });

  test("NotFoundError for every other call, which names the two that are served", async () => {
    const client = desk.sdk();
    for (const call of [client.assets.list(), client.files.get("1"), client.files.delete("1")]) {
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
    await expectNoMoreSendsThan(0);
  });
});

describe("limits", () => {
  test("RateLimitError when the budget is used up, and the SDK does not ask again", async () => {
    const small = await startDropInServer({ PURGE_MONTHLY_QUOTA: "1" });
    const purge = (url: string) => small.sdk().cache.invalidation.create({ url });
    await purge(shoe);
    const error = await refused(purge(`${shoe}*`));
    expect(error).toBeInstanceOf(ImageKit.RateLimitError);
    expect(error.message).toContain("0 of 1 are left until 2026-12-01");
    expect(small.retries).toEqual(["0", "0"]);
    await small.close();
  });

  test("RateLimitError when a caller repeats itself, and the SDK does not ask again", async () => {
    const strict = await startDropInServer({ PURGE_REPEAT_LIMIT: "1" });
    const purge = () => strict.sdk().cache.invalidation.create({ url: shoe });
    await purge();
    strict.time.now += second;
    const error = await refused(purge());
    expect(error).toBeInstanceOf(ImageKit.RateLimitError);
    expect(error.message).toContain("repeating");
    expect(strict.retries).toEqual(["0", "0"]);
    await strict.close();
  });

  test("beyond a caller's rate the SDK waits as long as it is told, and its resend is accepted", async () => {
    const slow = await startDropInServer({ PURGE_CALLER_RATE: "1/s:1" });
    await slow.sdk().cache.invalidation.create({ url: shoe });
    const waiting = slow.sdk().cache.invalidation.create({ url: `${shoe}*` });
    await vi.waitFor(() => expect(slow.answers).toEqual(["201", "429 after 1 s"]), { timeout: 60_000 });
    slow.time.now += second;
    await waiting;
    expect(slow.answers).toEqual(["201", "429 after 1 s", "201"]);
    expect(slow.retries).toEqual(["0", "0", "1"]);
    await slow.close();
  });
});
