import { expect, test } from "vitest";
import { clientOf, httpServer } from "./servers.ts";

const accepted = JSON.stringify({ requestId: "a1" });

test("a purge carries exactly the URL it was given, as JSON of a known length", async () => {
  const server = await httpServer((response) => response.writeHead(201).end(accepted));
  const url = 'https://ik.imagekit.io/demo/tr:w-300,h-300/schuhe größe 42%20"x".jpg?ik-s=ab&tr=w-1*';
  await clientOf(server.url).purge(url);
  const [seen] = server.arrivals;
  expect(JSON.parse(seen?.body ?? "")).toEqual({ url });
  expect(seen?.headers).toMatchObject({
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(seen?.body ?? "")),
  });
  expect(seen?.headers).not.toHaveProperty("transfer-encoding");
});

test.each(["private_key", "schlüssel_日本_🔑"])(
  "the private key %s is sent as the Basic user, with no password",
  async (key) => {
    const server = await httpServer((response) => response.writeHead(201).end(accepted));
    const client = clientOf(server.url, { privateKey: key });
    await client.purge("https://ik.imagekit.io/demo/a.jpg");
    await client.status("a1");
    const expected = `Basic ${Buffer.from(`${key}:`, "utf8").toString("base64")}`;
    expect(server.arrivals.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
  },
);

test("a base URL may have a path and a final slash", async () => {
  const server = await httpServer((response) => response.writeHead(201).end(accepted));
  await clientOf(`${server.url}/proxy/`).purge("https://ik.imagekit.io/demo/a.jpg");
  expect(server.arrivals[0]?.path).toBe("/proxy/v1/files/purge");
});

test("a request id with reserved characters stays one path segment", async () => {
  const server = await httpServer((response) => response.writeHead(200).end('{"status":"Pending"}'));
  await clientOf(server.url).status("../a?b#c");
  expect(server.arrivals[0]?.path).toBe("/v1/files/purge/..%2Fa%3Fb%23c");
});

test("an invalid base URL is refused before anything is sent", () => {
  expect(() => clientOf("api.imagekit.io")).toThrow(TypeError);
});
