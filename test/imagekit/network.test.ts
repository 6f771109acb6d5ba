import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { clientOf, rawServer, timeoutMs } from "./servers.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";

function head(status: number, length: number): string {
  return `HTTP/1.1 ${status} X\r\ncontent-length: ${length}\r\nconnection: keep-alive\r\n\r\n`;
}
const accepted = `${head(201, 18)}{"requestId":"a1"}`;

const unknown = { outcome: "unknown", message: expect.any(String) };
const untraceable = { outcome: "untraceable", status: 201, message: expect.any(String) };
const failed = { outcome: "failed", message: expect.any(String) };
const unexpected = (status: number) => ({ outcome: "unexpected", status, message: expect.any(String) });

/** How far an answer gets before it hangs. The time-out passes once the client has read that much. */
type Hang = "unanswered" | "head" | "body";

/** Rows with `hangs` end by the time-out, the others long before it. */
const rows: readonly {
  readonly name: string;
  readonly answer: (socket: Socket) => unknown;
  readonly purge: unknown;
  readonly status: unknown;
  readonly hangs?: Hang;
}[] = [
  {
    name: "a reset connection",
    answer: (socket) => socket.resetAndDestroy(),
    purge: unknown,
    status: failed,
  },
  { name: "a closed connection", answer: (socket) => socket.end(), purge: unknown, status: failed },
  {
    name: "an answer that is not HTTP",
    answer: (socket) => socket.end("SSH-2.0-x\r\n"),
    purge: unknown,
    status: failed,
  },
  {
    name: "half a header, then a closed connection",
    answer: (socket) => socket.end("HTTP/1.1 201 Cre"),
    purge: unknown,
    status: failed,
  },
  { name: "a hang", answer: () => undefined, purge: unknown, status: failed, hangs: "unanswered" },
  {
    name: "a hang within the header",
    answer: (socket) => socket.write("HTTP/1.1 201 X\r\ncontent-"),
    purge: unknown,
    status: failed,
    hangs: "unanswered",
  },
  {
    name: "201 and a reset before the body",
    answer: (socket) => socket.write(head(201, 18), () => socket.resetAndDestroy()),
    purge: untraceable,
    status: failed,
  },
  {
    name: "201 and a closed connection within the body",
    answer: (socket) => socket.end(`${head(201, 18)}{"requestId":`),
    purge: untraceable,
    status: failed,
  },
  {
    name: "201 and a hang before the body",
    answer: (socket) => socket.write(head(201, 18)),
    purge: untraceable,
    status: failed,
    hangs: "head",
  },
  {
    name: "201 and a hang within the body",
    answer: (socket) => socket.write(`${head(201, 18)}{"requestId":`),
    purge: untraceable,
    status: failed,
    hangs: "body",
  },
  {
    name: "201 with complete JSON, and a closed connection before the promised length",
    answer: (socket) => socket.end(`${head(201, 40)}{"requestId":"a1"}`),
    purge: { outcome: "accepted", status: 201, imagekitRequestId: "a1" },
    status: failed,
  },
  {
    name: "200 with the status, and a hang before the promised length",
    answer: (socket) => socket.write(`${head(200, 40)}{"status":"Completed"}`),
    purge: { outcome: "untraceable", status: 200, message: expect.any(String) },
    status: { outcome: "completed" },
    hangs: "body",
  },
  {
    name: "a documented 400 whose JSON is cut",
    answer: (socket) => socket.end(`${head(400, 90)}{"message":"The URL is not valid for cache purging."`),
    purge: unexpected(400),
    status: unexpected(400),
  },
  {
    name: "500 and a reset within the body",
    answer: (socket) => socket.write(`${head(500, 90)}<html>`, () => socket.resetAndDestroy()),
    purge: unknown,
    status: failed,
  },
  // The fetch standard lets a runtime send the request again after a 421; see call.ts.
  {
    name: "421, after which a runtime may retry",
    answer: (socket) => socket.write(`${head(421, 2)}{}`),
    purge: unexpected(421),
    status: unexpected(421),
  },
];

afterEach(() => {
  vi.useRealTimers();
});

/** A fetch that records how far its answer has come. */
function watchedFetch() {
  const seen: Hang[] = [];
  const watched: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    seen.push("head");
    const body = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          controller.enqueue(chunk);
          seen.push("body");
        },
      }),
    );
    return new Response(body ?? null, response);
  };
  return { seen, fetch: watched };
}

/** Makes one call to this server. If the server hangs, the time-out passes once the client has read what there is. */
async function callTo<T>(
  server: { readonly url: string; readonly requests: readonly string[] },
  hangs: Hang | undefined,
  act: (client: ReturnType<typeof clientOf>) => Promise<T>,
): Promise<T> {
  if (hangs === undefined) return act(clientOf(server.url));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { seen, fetch: watched } = watchedFetch();
  const outcome = act(clientOf(server.url, { fetch: watched }));
  const isThere = () => (hangs === "unanswered" ? server.requests.length > 0 : seen.includes(hangs));
  while (!isThere()) await setImmediate();
  await setImmediate();
  vi.advanceTimersByTime(timeoutMs);
  return outcome;
}

test.each(rows)("a purge met by $name has the right outcome, and is sent once", async (row) => {
  const server = await rawServer(row.answer);
  expect(await callTo(server, row.hangs, (client) => client.purge(url))).toEqual(row.purge);
  expect(server.requests).toEqual(["POST /v1/files/purge"]);
});

test.each(rows)("a status poll met by $name has the right outcome", async (row) => {
  const server = await rawServer(row.answer);
  expect(await callTo(server, row.hangs, (client) => client.status("a1"))).toEqual(row.status);
});

test.each([
  ["reset", "unknown", (socket: Socket) => socket.resetAndDestroy()],
  ["closed", "unknown", (socket: Socket) => socket.end()],
  ["answered 421", "unexpected", (socket: Socket) => socket.write(`${head(421, 2)}{}`)],
])(
  "a purge on a kept-alive connection that is then %s is %s and arrives once",
  async (_, outcome, answer) => {
    const server = await rawServer((socket, request) =>
      request === 1 ? socket.write(accepted) : answer(socket),
    );
    const client = clientOf(server.url);
    await client.purge(url);
    await setImmediate(); // the runtime returns the connection to its pool
    await setImmediate();
    expect(await client.purge(url)).toMatchObject({ outcome });
    expect(server.sockets).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  },
);

test("an endless body is read only up to 64 KiB, and its connection is closed", async () => {
  const server = await rawServer((socket) => {
    socket.write("HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\n");
    const pour = () => {
      while (!socket.destroyed && socket.write(`4000\r\n${"x".repeat(0x4000)}\r\n`));
    };
    socket.on("drain", pour);
    pour();
  });
  const outcome = await clientOf(server.url).purge(url);
  expect(outcome).toEqual({ outcome: "unknown", message: expect.stringMatching(/^HTTP 500: x+…$/) });
  const [socket] = server.sockets;
  if (socket !== undefined && !socket.destroyed)
    await new Promise((resolve) => socket.once("close", resolve));
});

test("a body that trickles in ends with the time-out", async () => {
  const server = await rawServer((socket) => {
    socket.write("HTTP/1.1 201 X\r\ntransfer-encoding: chunked\r\n\r\n");
    const timer = setInterval(() => socket.write("1\r\n \r\n"), 10);
    socket.on("close", () => clearInterval(timer));
  });
  expect(await callTo(server, "body", (client) => client.purge(url))).toEqual(untraceable);
});

test("a call ends with the time-out even if the runtime ignores the abort signal", async () => {
  const client = clientOf("http://imagekit.invalid", {
    fetch: () => new Promise(() => undefined),
    sendTimeoutMs: 20,
    pollTimeoutMs: 20,
  });
  expect(await client.purge(url)).toEqual({ outcome: "unknown", message: "no answer within 20 ms" });
  expect(await client.status("a1")).toEqual({ outcome: "failed", message: "no answer within 20 ms" });
});

test("an opaque redirect, which has no status, is unexpected", async () => {
  const client = clientOf("http://imagekit.invalid", { fetch: async () => Response.error() });
  expect(await client.purge(url)).toEqual({ outcome: "unexpected", status: 0, message: "redirected" });
});
