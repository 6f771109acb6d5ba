import { afterAll, beforeAll, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

/** Upstash refuses a longer request. */
const upstashTakesBytes = 1_000_000;
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength;

let desk: TestApp;
let sent: number[] = [];

beforeAll(async () => {
  desk = await startApp();
  desk.redis.bridge.setFault(({ commands }) => {
    sent.push(...commands.map(bytesOf));
    return "pass";
  });
});
afterAll(async () => {
  await desk.close();
});

/** Kept of a rejected line is what it was: each quotation mark is sent to Redis as eight bytes. */
const submit = (quotationMarks: number) => {
  const rejected = Array.from({ length: 99 }, () => `https://elsewhere.test/${'"'.repeat(quotationMarks)}`);
  const json = { urls: ["https://ik.imagekit.io/demo/shoe.jpg", ...rejected], onInvalid: "skip" };
  expect(bytesOf(json)).toBeLessThan(maxBodyBytes);
  return desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
};

test("lines that Upstash would refuse are refused by name, and nothing is charged or sent", async () => {
  sent = [];
  const answer = await submit(2_000);
  expect(answer).toMatchObject({ status: 413, body: { code: "body-too-large", limit: 910_000 } });
  expect(answer.body.detail).toMatch(/Nothing was charged\. Split the lines into several batches/);
  expect(sent).toEqual([]);
  expect(desk.imagekit.purged).toEqual([]);
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  expect(body).toMatchObject({ spent: 0, reserved: 0 });
});

test("the largest accepted request is within what Upstash accepts, script included", async () => {
  let [fits, tooMany] = [0, 2_000];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if ((await submit(middle)).status === 413) tooMany = middle;
    else fits = middle;
  }
  await desk.redis.raw.script("FLUSH");
  sent = [];
  expect((await submit(fits)).status).toBe(202);
  expect(Math.max(...sent)).toBeGreaterThan(0.93 * upstashTakesBytes);
  expect(Math.max(...sent)).toBeLessThanOrEqual(upstashTakesBytes);
  expect((await submit(fits + 1)).status).toBe(413);
});

test("a hundred of the longest URLs, signed and with every warning, are also refused by name", async () => {
  const path = (n: number) =>
    `HTTP://ik.imagekit.io:80/demo/tr:w-1/x/../${n}${"靴".repeat(430)}/%zz%2A,?ik-t=1&ik-s=a#f`;
  const json = { urls: Array.from({ length: 100 }, (_, n) => path(n)), reason: '"'.repeat(500) };
  const answer = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
  expect(answer).toMatchObject({ status: 413, body: { code: "body-too-large" } });
});
