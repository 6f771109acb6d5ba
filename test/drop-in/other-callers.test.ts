/** HTTP clients that send something odd. */

import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { tokens } from "../support/app.ts";
import { type DropInServer, startDropInServer } from "./drop-in-server.ts";

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
