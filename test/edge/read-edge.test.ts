import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { edgeClient, requestHeaders } from "../../src/edge/read-edge.ts";
import { httpServer, rawServer } from "../imagekit/servers.ts";

const url = "https://ik.imagekit.io/demo/tr:w-300/shoe.jpg?v=2";
const path = "/_cdn/ik.imagekit.io/demo/tr:w-300/shoe.jpg?v=2";
const now = Date.UTC(2026, 10, 23, 18, 0, 0);
const at = () => now;

/** Reads from a server of the test, as from the simulated CDN. */
function clientOf(server: { readonly url: string }, fetch = globalThis.fetch) {
  return edgeClient({
    fetch,
    hosts: new Set(["ik.imagekit.io"]),
    simulatedBaseUrl: server.url,
  });
}

const picture = (...headers: readonly string[]) =>
  ["HTTP/1.1 200 OK", "content-type: image/webp", "content-length: 900", ...headers, "", ""].join("\r\n");

afterEach(() => {
  vi.useRealTimers();
});

test("a reading keeps what the headers say of the image, its copy and the location", async () => {
  const server = await httpServer((response) =>
    response
      .writeHead(200, {
        "Content-Type": "image/avif",
        ETag: 'W/"abc"',
        Age: "3600",
        "X-Cache": "Hit from cloudfront",
        "X-Amz-Cf-Pop": "FRA56-P5",
      })
      .end(),
  );
  expect(await clientOf(server).read(url, at)).toEqual({
    at: now,
    askedAt: now,
    status: 200,
    fingerprint: "etag abc",
    type: "image/avif",
    ageSeconds: 3600,
    madeAt: now - 3_600_000,
    cache: "hit",
    location: "FRA56-P5",
  });
});

test("each reading is one HEAD with the same headers, without cookies, credentials or a body", async () => {
  const server = await httpServer((response) =>
    response.writeHead(200, { "Content-Type": "image/webp", "Set-Cookie": "a=b; Path=/" }).end(),
  );
  const client = clientOf(server);
  await client.read(url, at);
  await client.readBefore(url, at);
  expect(server.arrivals.map((seen) => [seen.method, seen.path, seen.body])).toEqual([
    ["HEAD", path, ""],
    ["HEAD", path, ""],
  ]);
  for (const { headers } of server.arrivals) {
    expect(headers).toMatchObject(requestHeaders);
    expect(headers).not.toHaveProperty("cookie");
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("if-none-match");
  }
});

test.each([401, 403, 404, 405, 410, 501])(
  "where HEAD is answered %d, one byte is asked for with GET",
  async (status) => {
    const server = await httpServer((response, { method }) => {
      if (method === "HEAD") return response.writeHead(status).end();
      return response
        .writeHead(206, {
          "Content-Type": "image/webp",
          "Last-Modified": "Mon, 16 Nov 2026 10:00:00 GMT",
          "Content-Length": 1,
          "Content-Range": "bytes 0-0/900",
        })
        .end("x");
    });
    const reading = await clientOf(server).read(url, at);
    expect(reading).toMatchObject({
      status: 206,
      fingerprint: "last-modified Mon, 16 Nov 2026 10:00:00 GMT, 900 bytes",
    });
    expect(server.arrivals.map(({ method, path: asked, headers }) => [method, asked, headers.range])).toEqual(
      [
        ["HEAD", path, undefined],
        ["GET", path, "bytes=0-0"],
      ],
    );
  },
);

test("not found to HEAD and to GET alike is not found", async () => {
  const server = await httpServer((response) => response.writeHead(404).end());
  expect(await clientOf(server).read(url, at)).toMatchObject({ status: 404 });
  expect(server.arrivals.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
});

test("a reading says when it was asked for and when its headers came", async () => {
  const server = await httpServer((response) => response.writeHead(200).end());
  const times = [now, now + 2_900];
  const reading = await clientOf(server).read(url, () => times.shift() ?? 0);
  expect(reading).toMatchObject({ askedAt: now, at: now + 2_900 });
});

test("a body without end is not read: its connection is closed once the headers are there", async () => {
  const closed = new Promise<number>((resolve) => {
    void rawServer((socket, request) => {
      if (request === 1) return void socket.end("HTTP/1.1 405 X\r\ncontent-length: 0\r\n\r\n");
      socket.write('HTTP/1.1 200 X\r\ncontent-type: image/webp\r\netag: "v1"\r\n\r\n');
      const more = () => socket.write("x".repeat(65_536)) && globalThis.setImmediate(more);
      socket.on("drain", more).on("close", () => resolve(socket.bytesWritten));
      more();
    }).then(async (server) => {
      expect(await clientOf(server).read(url, at)).toMatchObject({ status: 200, fingerprint: "etag v1" });
    });
  });
  expect(await closed).toBeGreaterThan(0);
});

test.each([
  ["https://elsewhere.example/a.jpg?ik-s=0123456789abcdef", "https://elsewhere.example/a.jpg"],
  ["https://b.s3.amazonaws.com/a.jpg?AWSAccessKeyId=AKIA&Signature=vjby", "https://b.s3.amazonaws.com/a.jpg"],
  ["https://user:secret@origin.example:8443/a.jpg?token=abc#part", "https://origin.example:8443/a.jpg"],
  [`https://${"user".repeat(100)}:secret@origin.example/a.jpg`, "https://origin.example/a.jpg"],
  ["//user:secret@origin.example/a.jpg?token=abc", "https://origin.example/a.jpg"],
  ["/sign-in/?token=abc", "/sign-in/"],
  ["a.jpg?token=abc", "/a.jpg"],
  ["data:text/html,secret", "a data: URL"],
])("a redirect to %s is not followed, and said to lead to %s", async (location, target) => {
  const server = await httpServer((response) => response.writeHead(302, { Location: location }).end());
  const reading = await clientOf(server).read(url, at);
  expect(reading).toMatchObject({ status: 302, problem: `redirected to ${target}` });
  expect(server.arrivals).toHaveLength(1);
});

test.each([
  ["without a target", {}],
  ["to what is no URL", { Location: "https://user:secret@:0/?token=abc" }],
])("of a redirect %s only the status is kept", async (_, headers) => {
  const server = await httpServer((response) => response.writeHead(302, headers).end());
  expect((await clientOf(server).read(url, at)).problem).toBeUndefined();
});

test.each<{ readonly name: string; readonly answer: (socket: Socket) => unknown }>([
  { name: "a reset connection", answer: (socket) => socket.resetAndDestroy() },
  { name: "a closed connection", answer: (socket) => socket.end() },
  { name: "an answer that is not HTTP", answer: (socket) => socket.end("SSH-2.0-x\r\n") },
  { name: "half a header, then a closed connection", answer: (socket) => socket.end("HTTP/1.1 200 O") },
  {
    name: "64 kB of headers",
    answer: (socket) =>
      socket.end(picture(...Array.from({ length: 64 }, (_, i) => `x-${i}: ${"a".repeat(1_000)}`))),
  },
])("$name is a reading without a status that says why", async ({ answer }) => {
  const server = await rawServer(answer);
  const client = clientOf(server);
  expect(await client.read(url, at)).toEqual({ at: now, problem: expect.stringMatching(/\w/) });
  expect(await client.readBefore(url, at)).toBeUndefined();
});

test.each([500, 503, 408, 429])(
  "%d beside a send is no reading, so that the next send looks again",
  async (status) => {
    const server = await httpServer((response) => response.writeHead(status).end());
    expect(await clientOf(server).readBefore(url, at)).toBeUndefined();
    expect(await clientOf(server).read(url, at)).toMatchObject({ status });
  },
);

test("a refused connection is a reading without a status that says why", async () => {
  const server = await rawServer(() => undefined);
  await server.close();
  expect(await clientOf(server).read(url, at)).toEqual({
    at: now,
    problem: expect.stringContaining("ECONNREFUSED"),
  });
});

test.each<{ readonly name: string; readonly answer: (socket: Socket) => unknown }>([
  { name: "hangs", answer: () => undefined },
  { name: "hangs within the header", answer: (socket) => socket.write("HTTP/1.1 200 X\r\ncontent-") },
])("a server that $name is given up after 3 s, and after 1 s beside a send", async ({ answer }) => {
  const server = await rawServer(answer);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const client = clientOf(server);
  const arrived = async (count: number) => {
    while (server.requests.length < count) await setImmediate();
    await setImmediate();
  };
  const before = client.readBefore(url, at);
  await arrived(1);
  vi.advanceTimersByTime(1_000);
  expect(await before).toBeUndefined();
  const after = client.read(url, at);
  await arrived(2);
  vi.advanceTimersByTime(3_000);
  expect(await after).toEqual({ at: now, problem: "no answer within 3 s" });
});

test("at most 20 URLs are read beside sends at once; the others go without", async () => {
  const held: (() => void)[] = [];
  const server = await httpServer((response) => {
    held.push(() => response.writeHead(200, { "Content-Type": "image/webp", ETag: '"v1"' }).end());
  });
  const client = clientOf(server);
  const readings = Array.from({ length: 30 }, () => client.readBefore(url, at));
  expect(await Promise.all(readings.slice(20))).toEqual(Array(10).fill(undefined));
  await expect.poll(() => held.length).toBe(20);
  for (const answer of held.splice(0)) answer();
  expect(await Promise.all(readings.slice(0, 20))).not.toContain(undefined);
  const next = client.readBefore(url, at);
  await expect.poll(() => held.length).toBe(1);
  held[0]?.();
  expect(await next).toMatchObject({ fingerprint: "etag v1" });
});

test("hostile header values are kept short, on one line and without control characters", async () => {
  const long = "é\u0085\u009b[31m".repeat(500);
  const server = await rawServer((socket) =>
    socket.end(
      Buffer.from(
        picture(`etag: "${long}"`, `x-amz-cf-pop: ${long}`, `x-cache: ${long}`, `age: ${"9".repeat(500)}`),
        "latin1",
      ),
    ),
  );
  const reading = await clientOf(server).read(url, at);
  expect(reading).toMatchObject({ status: 200, type: "image/webp" });
  const kept = JSON.stringify(reading);
  expect(kept.length).toBeLessThan(1_000);
  expect(kept).not.toMatch(/\p{C}/u);
  expect(reading).not.toHaveProperty("ageSeconds", expect.anything());
});

test("an error of fetch is kept without a signature", async () => {
  const broken: typeof fetch = () =>
    Promise.reject(new Error("failed to fetch https://ik.imagekit.io/demo/a.jpg?ik-s=0123456789abcdef"));
  const reading = await clientOf({ url: "http://127.0.0.1:1" }, broken).read(url, at);
  expect(reading.problem).toContain("ik-s=***");
});

test("only hosts of configured endpoints are asked", async () => {
  const server = await httpServer((response) => response.writeHead(200).end());
  const client = clientOf(server);
  for (const other of ["https://elsewhere.example/a.jpg", "https://ik.imagekit.io:8443/demo/a.jpg"]) {
    expect(await client.read(other, at)).toMatchObject({
      notAsked: true,
      problem: `${new URL(other).host} is not the host of a configured URL endpoint`,
    });
    expect(await client.readBefore(other, at)).toBeUndefined();
  }
  expect(server.arrivals).toEqual([]);
});
