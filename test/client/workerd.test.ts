// @module-tag slow

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startWorker, type Worker } from "../portability/start-worker.ts";
import { tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
let served: ServedDesk;
let worker: Worker;

beforeAll(async () => {
  served = await serveDesk();
  worker = await startWorker({ url: served.url, token: tokens.purge }, "client-worker.ts");
});
beforeEach(() => served.reset());
afterAll(async () => {
  await worker?.close();
  await served?.close();
});

test("under workerd the client plans, purges, resends after a lost answer, and waits until it is cleared", async () => {
  served.fates.push("answer", "lose");
  const response = await fetch(`${worker.url}/?purge=${encodeURIComponent(shoe)}`);
  expect(await response.json()).toEqual({ units: 1, cleared: true });
  expect(served.imagekit.purged).toHaveLength(1);
});

test("under workerd the SDK's purge goes through Purge Desk", async () => {
  const response = await fetch(`${worker.url}/sdk?purge=${encodeURIComponent(shoe)}`);
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ requestId: expect.stringMatching(/^b_/) });
});
