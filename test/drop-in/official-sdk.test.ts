/** The real `@imagekit/nodejs`, unchanged, set up by nothing but two environment variables. */

import ImageKit from "@imagekit/nodejs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { tokens } from "../support/app.ts";
import { second } from "../support/test-ledger.ts";
import { type DropInServer, shoe, startDropInServer } from "./drop-in-server.ts";

let desk: DropInServer;

beforeAll(async () => {
  desk = await startDropInServer();
});
beforeEach(() => desk.clear());
afterEach(() => vi.unstubAllEnvs());
afterAll(() => desk.close());

test("the official SDK, given two environment variables, purges a URL and reads its status until Completed", async () => {
  vi.stubEnv("IMAGE_KIT_BASE_URL", desk.url);
  vi.stubEnv("IMAGEKIT_PRIVATE_KEY", tokens.purge);
  const { invalidation } = new ImageKit().cache;
  const { requestId = "" } = await invalidation.create({ url: shoe });
  expect(requestId).toMatch(/^[0-9a-f]{24}$/);
  expect(await invalidation.get(requestId)).toEqual({ status: "Pending" });
  await expect.poll(() => desk.imagekit.control.complete()).toBe(1);
  desk.time.now += 5 * second;
  expect(await invalidation.get(requestId)).toEqual({ status: "Completed" });
  await desk.expectUnits(1);
});

test("the official SDK's own pauses and resends, of answers lost twice, cost nothing", async () => {
  desk.ways.push("reset", 502);
  const { requestId = "" } = await new ImageKit({
    baseURL: desk.url,
    privateKey: tokens.purge,
  }).cache.invalidation.create({ url: shoe });
  expect(desk.retries).toEqual(["0", "1", "2"]);
  await desk.expectUnits(1);
  expect(await desk.sdk().cache.invalidation.get(requestId)).toEqual({ status: "Pending" });
});

test("ImageKit's own id of a purge is found too", async () => {
  await desk.create();
  const id = desk.imagekit.arrivals()[0]?.imagekitRequestId ?? "";
  expect(await desk.sdk().cache.invalidation.get(id)).toEqual({ status: "Pending" });
});

test("of two saves, each with a lost answer, each costs one unit", async () => {
  for (const _ of ["first", "second"]) {
    desk.ways.push("reset");
    await desk.create();
    desk.time.now += 10 * second;
  }
  expect(desk.retries).toEqual(["0", "1", "0", "1"]);
  await desk.expectUnits(2);
});
