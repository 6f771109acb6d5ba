import { once } from "node:events";
import { createServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { PrivateAddress } from "../../../src/edge/private-host.ts";
import { edgeClient } from "../../../src/edge/read-edge.ts";
import { edgeFetch } from "../../../src/local/edge-fetch/edge-fetch.ts";
import { publicLookup } from "../../../src/local/edge-fetch/public-lookup.ts";
import { httpServer, rawServer } from "../../imagekit/servers.ts";

/** A name that no name server knows. */
const host = "images.shop.example";
const urlAt = (server: { readonly url: string }) =>
  `http://${host}:${new URL(server.url).port}/shoe.jpg?tr=w-300`;

/** Asks a server of the test, which is at a private address, as if it were a public one. */
const toLoopback = () =>
  edgeFetch(publicLookup({ resolve: async () => ["127.0.0.1"], why: () => undefined }));

const options = { headers: { accept: "image/avif" }, redirect: "manual" } as const;
const patient = () => ({ ...options, signal: AbortSignal.timeout(60_000) });

/** Reads as the product does, with what Node gives it. */
const read = (url: string, fetch: ReturnType<typeof edgeFetch>) =>
  edgeClient({ fetch, hosts: new Set([new URL(url).host]) }).read(url, () => 0);

test("a host is asked at the address that was looked up, by its own name", async () => {
  const server = await httpServer((response) => response.writeHead(404, { ETag: '"v1"', Age: 3 }).end());
  const answer = await toLoopback()(urlAt(server), { ...patient(), method: "HEAD" });
  expect(answer.status).toBe(404);
  expect([answer.headers.get("etag"), answer.headers.get("age")]).toEqual(['"v1"', "3"]);
  expect(server.arrivals).toMatchObject([
    {
      method: "HEAD",
      path: "/shoe.jpg?tr=w-300",
      headers: { host: new URL(urlAt(server)).host, accept: "image/avif" },
    },
  ]);
});

test("a host whose address is private is not connected to, and the reading says why", async () => {
  const server = await rawServer(() => undefined);
  const fetch = edgeFetch(publicLookup({ resolve: async () => ["127.0.0.1"] }));
  await expect(fetch(urlAt(server), patient())).rejects.toBeInstanceOf(PrivateAddress);
  expect(await read(urlAt(server), fetch)).toEqual({
    at: 0,
    notAsked: true,
    problem: "its host has the address 127.0.0.1, which is not public",
  });
  expect(server.sockets).toEqual([]);
});

test("no second look decides where a connection goes: an entry that changes in between leads nowhere", async () => {
  const server = await httpServer((response) => response.end());
  const looks: string[] = [];
  const lookup = publicLookup({
    resolve: async (name) => {
      looks.push(name);
      return looks.length === 1 ? ["127.0.0.1"] : ["127.0.0.2"];
    },
    why: (addresses) => (addresses.includes("127.0.0.2") ? "not public" : undefined),
  });
  const fetch = edgeFetch(lookup);
  for (let count = 0; count < 3; count++) await fetch(urlAt(server), { ...patient(), method: "HEAD" });
  expect(server.arrivals).toHaveLength(3);
  expect(looks).toEqual([host]);
});

test("a header that came twice keeps both values", async () => {
  const server = await rawServer((socket) =>
    socket.end('HTTP/1.1 200 X\r\netag: "a"\r\netag: "b"\r\nage: 1\r\nage: 2\r\ncontent-length: 0\r\n\r\n'),
  );
  const { headers } = await toLoopback()(urlAt(server), patient());
  expect([headers.get("etag"), headers.get("age")]).toEqual(['"a", "b"', "1, 2"]);
});

test("several HEADs share one connection", async () => {
  const server = await rawServer((socket) =>
    socket.write("HTTP/1.1 200 X\r\ncontent-length: 900\r\netag: a\r\n\r\n"),
  );
  const fetch = toLoopback();
  for (let count = 0; count < 3; count++) {
    expect((await fetch(urlAt(server), { ...patient(), method: "HEAD" })).status).toBe(200);
    await setImmediate();
  }
  expect(server.requests).toHaveLength(3);
  expect(server.sockets).toHaveLength(1);
});

test("a HEAD on a connection that the server has just closed is sent again on another", async () => {
  const server = await rawServer((socket, request) => {
    if (request === 2) socket.resetAndDestroy();
    else socket.write("HTTP/1.1 200 X\r\ncontent-length: 900\r\n\r\n");
  });
  const fetch = toLoopback();
  const ask = () => fetch(urlAt(server), { ...patient(), method: "HEAD" });
  await ask();
  await setImmediate();
  expect((await ask()).status).toBe(200);
  expect(server.sockets).toHaveLength(2);
});

test("of a GET no body is read: its connection is closed", async () => {
  const server = await rawServer((socket) => socket.write("HTTP/1.1 206 X\r\ncontent-length: 900\r\n\r\nx"));
  expect((await toLoopback()(urlAt(server), patient())).status).toBe(206);
  const [socket] = server.sockets;
  if (socket && !socket.closed) await once(socket, "close");
  expect(socket?.destroyed).toBe(true);
});

test("a request that is given up closes its connection", async () => {
  const server = await rawServer(() => undefined);
  const over = new AbortController();
  const asked = toLoopback()(urlAt(server), { ...options, signal: over.signal, method: "HEAD" });
  asked.catch(() => undefined);
  while (server.requests.length === 0) await setImmediate();
  over.abort();
  await expect(asked).rejects.toThrow("aborted");
  const [socket] = server.sockets;
  if (socket && !socket.closed) await once(socket, "close");
  expect(server.requests).toHaveLength(1);
});

test("a server that speaks no TLS is a reading without an answer that says why", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 X\r\n\r\n")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  expect(await read(`https://${host}:${port}/a.jpg`, toLoopback())).toEqual({
    at: 0,
    problem: expect.stringMatching(/SSL|EPROTO/),
  });
});

test("a name without an address is a reading without an answer that says why", async () => {
  const fetch = edgeFetch(
    publicLookup({
      resolve: async () => {
        throw new Error(`queryA ENOTFOUND ${host}`);
      },
    }),
  );
  expect(await read(`https://${host}/a.jpg`, fetch)).toEqual({ at: 0, problem: `queryA ENOTFOUND ${host}` });
});
