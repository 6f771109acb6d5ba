/** Code written from ImageKit's documentation, and HTTP clients that send something odd. */

import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
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

const key = `Basic ${btoa(`${tokens.admin}:`)}`;

test("plain fetch, as ImageKit's documentation has it, purges a URL and reads its status until Completed", async () => {
  const answer = await fetch(`${desk.url}/v1/files/purge`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", Authorization: key },
    body: JSON.stringify({ url: shoe }),
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("x-ik-requestId")).toMatch(/^r_/);
  const { requestId } = await answer.json();
  const status = async () => {
    desk.time.now += 5 * second;
    const read = await fetch(`${desk.url}/v1/files/purge/${requestId}`, { headers: { Authorization: key } });
    return read.json();
  };
  expect(await status()).toEqual({ status: "Pending" });
  desk.imagekit.control.complete();
  expect(await status()).toEqual({ status: "Completed" });
  expect(desk.imagekit.control.totals("send")).toMatchObject({ total: 1 });
});

test("without a retry count, the same request sent again is another save, and another unit", async () => {
  for (const _ of ["first", "again"]) {
    await fetch(`${desk.url}/v1/files/purge`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: key },
      body: JSON.stringify({ url: shoe }),
    });
    desk.time.now += second;
  }
  expect(await desk.units()).toBe(2);
});

/** What a raw connection is answered: the status and the body. */
async function raw(
  lines: readonly string[],
  body = "",
): Promise<{ readonly status: number; readonly text: string }> {
  const { port, hostname } = new URL(desk.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    [...lines, "Host: purge.test", `Authorization: ${key}`, "Connection: close", "", body].join("\r\n"),
  );
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), text: rest.join("") };
}

const post = ["POST /v1/files/purge HTTP/1.1"];
const json = [...post, "Content-Type: application/json"];
const missing = "Your request is missing URL parameter.";

test.each([
  ["an empty body", json, "", 400, missing],
  ["an empty body of length 0", [...json, "Content-Length: 0"], "", 400, missing],
  ["an empty body in chunks", [...json, "Transfer-Encoding: chunked"], "0\r\n\r\n", 400, missing],
  ["no content type", post, "", 415, "The content type is not supported."],
  [
    "a form",
    [...post, "Content-Type: application/x-www-form-urlencoded", "Content-Length: 5"],
    "url=a",
    415,
    "The content type is not supported.",
  ],
  [
    "a body that says it is too large",
    [...json, `Content-Length: ${maxBodyBytes + 1}`],
    "{}",
    413,
    "The body is too large.",
  ],
] as const)(
  "a raw request with %s is answered in ImageKit's shape",
  async (_, lines, body, status, message) => {
    const answer = await raw(lines, body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).toContain(message);
    expect(await desk.units()).toBe(0);
    expect(desk.imagekit.arrivals()).toEqual([]);
  },
);
