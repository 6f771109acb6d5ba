import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createRawServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { imagekitClient } from "../../src/imagekit/client.ts";

/** A request as the server received it, recorded outside the code under test. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** An HTTP server for one test; `answer` is called once the whole request has arrived. */
export async function httpServer(answer: (response: ServerResponse, seen: Seen) => void) {
  const arrivals: Seen[] = [];
  const server = createServer(async (request, response) => {
    const seen = await readRequest(request);
    arrivals.push(seen);
    answer(response, seen);
  });
  onTestFinished(() => server.closeAllConnections());
  return { url: await listen(server), arrivals };
}

async function readRequest(request: IncomingMessage): Promise<Seen> {
  const { method = "", url: path = "", headers } = request;
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += part;
  return { method, path, headers, body };
}

/**
 * A TCP server whose `answer` writes raw bytes for each request (header and body, by its Content-Length). `requests`
 * are the request lines, `sockets` the connections.
 */
export async function rawServer(answer: (socket: Socket, request: number) => void) {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createRawServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    let received = "";
    socket.setEncoding("latin1").on("data", (bytes: string) => {
      received += bytes;
      const head = /^(\S+ \S+) HTTP\/1\.1\r\n.*?\r\n\r\n/s.exec(received);
      if (head === null) return;
      const length = Number(/^content-length: (\d+)\r$/im.exec(head[0])?.[1] ?? 0);
      if (received.length < head[0].length + length) return;
      received = "";
      requests.push(head[1] ?? "");
      answer(socket, requests.length);
    });
  });
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: await listen(server), requests, sockets, close };
}

async function listen(server: Server): Promise<string> {
  onTestFinished(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** So long that only a call that hangs reaches it, even on a slow machine. */
export const timeoutMs = 20_000;

/** The client under test, with the runtime's own fetch. */
export function clientOf(
  apiBaseUrl: string,
  rest: { privateKey?: string; sendTimeoutMs?: number; pollTimeoutMs?: number; fetch?: typeof fetch } = {},
) {
  const defaults = { privateKey: "private_key", sendTimeoutMs: timeoutMs, pollTimeoutMs: timeoutMs, fetch };
  return imagekitClient({ apiBaseUrl, ...defaults, ...rest });
}
