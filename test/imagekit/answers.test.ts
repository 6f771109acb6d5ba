import { expect, test } from "vitest";
import { clientOf, httpServer } from "./servers.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";
const help = "For support kindly contact us at support@imagekit.io.";
const json = (body: unknown) => JSON.stringify(body);

type Row = {
  readonly name: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly outcome: unknown;
};

const sendRows: readonly Row[] = [
  {
    name: "201 with an id is accepted",
    status: 201,
    body: json({ requestId: "598821f949c0a938d57563bd" }),
    outcome: { outcome: "accepted", status: 201, imagekitRequestId: "598821f949c0a938d57563bd" },
  },
  ...[200, 202, 299].map((status) => ({
    name: `${status} with an id is accepted`,
    status,
    body: json({ requestId: "a1", more: [1] }),
    outcome: { outcome: "accepted", status, imagekitRequestId: "a1" },
  })),
  ...[
    "The URL is not valid for cache purging.",
    "the url is not valid for cache purging",
    "Your request is missing URL parameter.",
  ].map((message) => ({
    name: `400 "${message}" is refused`,
    status: 400,
    body: json({ message, help }),
    outcome: { outcome: "refused", status: 400, message },
  })),
  {
    name: "400 in other words is unexpected",
    status: 400,
    body: json({ message: "Your monthly purge limit is used up.", help }),
    outcome: { outcome: "unexpected", status: 400, message: "Your monthly purge limit is used up." },
  },
  {
    name: "400 with the documented sentence inside a longer one is unexpected",
    status: 400,
    body: json({ message: "Limit reached. The URL is not valid for cache purging." }),
    outcome: {
      outcome: "unexpected",
      status: 400,
      message: "Limit reached. The URL is not valid for cache purging.",
    },
  },
  {
    name: "an empty 400 is unexpected",
    status: 400,
    body: "",
    outcome: { outcome: "unexpected", status: 400, message: "an answer without a body" },
  },
  {
    name: "401 is unauthorized",
    status: 401,
    body: json({ message: "Your request does not contain private API key.", help }),
    outcome: {
      outcome: "unauthorized",
      status: 401,
      message: "Your request does not contain private API key.",
    },
  },
  ...[
    "Your account cannot be authenticated.",
    "Your request contains expired private API key.",
    "Your account is disabled.",
  ].map((message) => ({
    name: `403 "${message}" is unauthorized`,
    status: 403,
    body: json({ message, help }),
    outcome: { outcome: "unauthorized", status: 403, message },
  })),
  {
    name: "429 is throttled, with its reset in milliseconds",
    status: 429,
    headers: { "X-RateLimit-Limit": "20", "X-RateLimit-Reset": "1500", "X-RateLimit-Interval": "60000" },
    body: json({ message: "Too many requests" }),
    outcome: { outcome: "throttled", resetMs: 1500, message: "Too many requests" },
  },
  ...["", "soon", "-1", "1e3", "NaN"].map((reset) => ({
    name: `429 with the unusable reset "${reset}" is throttled without one`,
    status: 429,
    headers: { "X-RateLimit-Reset": reset },
    body: json({ message: "Too many requests" }),
    outcome: { outcome: "throttled", resetMs: undefined, message: "Too many requests" },
  })),
  ...[500, 502, 503, 504, 599, 408].map((status) => ({
    name: `${status} with an HTML body is unknown`,
    status,
    headers: { "content-type": "text/html" },
    body: "<html>\r\n<head><title>Bad   Gateway</title></head>\r\n<hr>nginx</html>",
    outcome: { outcome: "unknown", message: `HTTP ${status}: Bad Gateway nginx` },
  })),
  ...[404, 405, 409, 413, 425, 451].map((status) => ({
    name: `${status} is unexpected`,
    status,
    body: json({ message: "No" }),
    outcome: { outcome: "unexpected", status, message: "No" },
  })),
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `${status} is unexpected and not followed`,
    status,
    headers: { Location: "/elsewhere" },
    body: "",
    outcome: { outcome: "unexpected", status, message: "redirected to /elsewhere" },
  })),
  ...[
    ["no body", ""],
    ["an HTML body", "<p>ok</p>"],
    ["truncated JSON", '{"requestId":"598821f9'],
    ["no id", json({ id: "598821f949c0a938d57563bd" })],
    ["an empty id", json({ requestId: "" })],
    ["a number as id", json({ requestId: 12 })],
    ["null as id", json({ requestId: null })],
    ["an id that leaves the path", json({ requestId: ".." })],
    ["an id with a line break", json({ requestId: "a\nb" })],
    ["an endless id", json({ requestId: "a".repeat(500) })],
    ["an array", json([{ requestId: "a" }])],
    ["null", "null"],
    ["a body longer than 64 KiB", json({ pad: "x".repeat(70_000), requestId: "598821f949c0a938d57563bd" })],
  ].map(([what = "", body = ""]) => ({
    name: `201 with ${what} is untraceable`,
    status: 201,
    body,
    outcome: { outcome: "untraceable", status: 201, message: expect.any(String) },
  })),
];

test.each(sendRows)(
  "the answer to a purge: $name, after one request",
  async ({ status, headers = {}, body, outcome }) => {
    const server = await httpServer((response) => response.writeHead(status, headers).end(body));
    expect(await clientOf(server.url).purge(url)).toEqual(outcome);
    expect(server.arrivals.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /v1/files/purge"]);
  },
);

const pollRows: readonly Row[] = [
  ...["Completed", "Complete", "COMPLETED", " completed "].map((status) => ({
    name: `the status "${status}" is completed`,
    status: 200,
    body: json({ status }),
    outcome: { outcome: "completed" },
  })),
  ...["Pending", "pending"].map((status) => ({
    name: `the status "${status}" is pending`,
    status: 200,
    body: json({ status }),
    outcome: { outcome: "pending" },
  })),
  {
    name: "an unknown status is failed, and the message quotes it",
    status: 200,
    body: json({ status: "Incomplete" }),
    outcome: { outcome: "failed", message: 'unknown status "Incomplete"' },
  },
  ...["", "<p>Completed</p>", '{"status":"Comple', json({ status: true }), json(["Completed"])].map(
    (body) => ({
      name: `200 with ${JSON.stringify(body)} is failed`,
      status: 200,
      body,
      outcome: { outcome: "failed", message: expect.stringContaining("no status in: ") },
    }),
  ),
  ...["No request found for this requestId.", "no request found for this requestid"].map((message) => ({
    name: `400 "${message}" is unknown-id`,
    status: 400,
    body: json({ message, help }),
    outcome: { outcome: "unknown-id", message },
  })),
  {
    name: "400 in other words is unexpected",
    status: 400,
    body: json({ message: "No." }),
    outcome: { outcome: "unexpected", status: 400, message: "No." },
  },
  {
    name: "404 is unexpected",
    status: 404,
    body: json({ message: "No." }),
    outcome: { outcome: "unexpected", status: 404, message: "No." },
  },
  ...[401, 403].map((status) => ({
    name: `${status} is unauthorized`,
    status,
    body: json({ message: "Your account is disabled.", help }),
    outcome: { outcome: "unauthorized", status, message: "Your account is disabled." },
  })),
  {
    name: "429 is throttled, with its reset in milliseconds",
    status: 429,
    headers: { "X-RateLimit-Reset": "250" },
    body: json({ message: "Slow down" }),
    outcome: { outcome: "throttled", resetMs: 250, message: "Slow down" },
  },
  ...[500, 502, 503, 504, 408].map((status) => ({
    name: `${status} is failed`,
    status,
    body: "<h1>oops</h1>",
    outcome: { outcome: "failed", message: `HTTP ${status}: oops` },
  })),
  {
    name: "a redirect is unexpected and not followed",
    status: 302,
    headers: { Location: "/elsewhere" },
    body: "",
    outcome: { outcome: "unexpected", status: 302, message: "redirected to /elsewhere" },
  },
];

test.each(pollRows)(
  "the answer to a status poll: $name, after one request",
  async ({ status, headers = {}, body, outcome }) => {
    const server = await httpServer((response) => response.writeHead(status, headers).end(body));
    expect(await clientOf(server.url).status("598821f949c0a938d57563bd")).toEqual(outcome);
    expect(server.arrivals.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v1/files/purge/598821f949c0a938d57563bd",
    ]);
  },
);
