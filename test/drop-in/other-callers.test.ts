/** HTTP clients that send something odd. */

import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { tokens } from "../support/app.ts";
import { type DropInServer, shoe, startDropInServer } from "./drop-in-server.ts";

let desk: DropInServer;

beforeAll(async () => {
  desk = await startDropInServer();
});
beforeEach(() => desk.clear());
afterAll(() => desk.close());

const key = `Basic ${btoa(`${tokens.admin}:`)}`;

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

/** As their sources and a recorded request say; the headers that name the platform are left out. */
const sdks = {
  "Ruby 4.6": [
    "Content-Type: application/json",
    "Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
    "User-Agent: Imagekitio::Client/Ruby 4.6.0",
    "X-Stainless-Timeout: 60.0",
  ],
  "Go 2.9": ["Content-Type: application/json", "Accept-Encoding: gzip", "User-Agent: ImageKit/Go 2.9.0"],
  "Java 3.3": ["Content-Type: application/json", "Accept-Encoding: gzip", "Connection: Keep-Alive"],
  ".NET 6.3": ["Content-Type: application/json; charset=utf-8", "traceparent: 00-0af7651916cd43dd-b7ad-01"],
  "Python 5.1": ["content-type: application/json", "accept: application/json", "x-stainless-async: false"],
};

test.each(Object.entries(sdks))(
  "a purge as ImageKit's SDK for %s sends it is accepted, and its resend is the same purge",
  async (_, headers) => {
    const body = JSON.stringify({ url: shoe });
    const send = (count: number) =>
      raw([...post, ...headers, `X-Stainless-Retry-Count: ${count}`, `Content-Length: ${body.length}`], body);
    const first = await send(0);
    expect(first.status, first.text).toBe(201);
    expect(await send(1)).toEqual(first);
    const { requestId } = JSON.parse(first.text);
    const status = await raw([`GET /v1/files/purge/${requestId} HTTP/1.1`, "Content-Length: 0"]);
    expect(status).toEqual({ status: 200, text: '{"status":"Pending"}' });
    await desk.expectUnits(1);
  },
);
