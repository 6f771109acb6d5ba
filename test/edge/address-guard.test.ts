import { expect, test } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { addressGuard, type ResolveHost } from "../../src/edge/address-guard.ts";
import { edgeClient } from "../../src/edge/read-edge.ts";

/** Asks about each URL as it would be asked with these resolved addresses; records what leaves. */
function readerOf(url: string, resolve?: ResolveHost) {
  const asked: string[] = [];
  const client = edgeClient({
    fetch: async (input) => {
      asked.push(String(input));
      return new Response(null, { headers: { "content-type": "image/webp" } });
    },
    hosts: new Set([new URL(url).host]),
    resolve,
    clock: systemClock,
  });
  return { asked, read: () => client.read(url, () => 0), readBefore: () => client.readBefore(url, () => 0) };
}

test.each([
  "127.0.0.1",
  "127.1",
  "2130706433",
  "017700000001",
  "0x7f000001",
  "0x7f.0.0.1",
  "0",
  "10.0.0.5",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "0xa9fea9fe",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "[::1]",
  "[::]",
  "[fe80::1]",
  "[fd00:ec2::254]",
  "[fc00::1]",
  "[fec0::1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:a9fe:a9fe]",
  "[::7f00:1]",
  "[64:ff9b::a00:1]",
  "[2002:a00:1::]",
  "[2001:db8::1]",
  "localhost",
  "localhost.",
  "cdn.localhost",
  "metadata",
  "metadata.google.internal",
  "printer.local",
])("a host written as %s is refused, and nothing is sent to it", async (host) => {
  const { asked, read, readBefore } = readerOf(`http://${host}/demo/a.jpg`, async () => ["8.8.8.8"]);
  expect(await read()).toMatchObject({
    notAsked: true,
    problem: expect.stringMatching(/not public|private/),
  });
  expect(await readBefore()).toBeUndefined();
  expect(asked).toEqual([]);
});

test.each([
  ["a private address", ["10.0.0.5"]],
  ["a metadata address", ["169.254.169.254"]],
  ["a loopback address in IPv6", ["::1"]],
  ["a private address in an IPv6 one", ["::ffff:192.168.1.1"]],
  ["a link-local address with its zone", ["fe80::1%eth0"]],
  ["a public and a private address", ["8.8.8.8", "10.0.0.5"]],
  ["what is no address", ["nonsense"]],
])("a name that resolves to %s is refused, and nothing is sent to it", async (_, addresses) => {
  const { asked, read } = readerOf("https://images.shop.example/a.jpg", async () => addresses);
  expect(await read()).toMatchObject({ notAsked: true, problem: expect.stringContaining("not public") });
  expect(asked).toEqual([]);
});

test.each([
  ["https://images.shop.example/a.jpg", ["143.204.10.1", "2600:9000:2000::1"]],
  ["https://8.8.8.8/a.jpg", []],
  ["https://[2600:9000::1]/a.jpg", []],
])("%s with a public address is read", async (url, addresses) => {
  const { asked, read } = readerOf(url, async () => addresses);
  expect(await read()).toMatchObject({ status: 200 });
  expect(asked).toEqual([url]);
});

test("a name that cannot be resolved is a reading without an answer, and nothing is sent", async () => {
  const { asked, read } = readerOf("https://images.shop.example/a.jpg", async () => {
    throw new Error("queryA ENOTFOUND images.shop.example");
  });
  expect(await read()).toEqual({ at: 0, problem: "queryA ENOTFOUND images.shop.example" });
  expect(asked).toEqual([]);
});

test("where names cannot be resolved, a name is read and an address is still refused", async () => {
  expect(await readerOf("https://images.shop.example/a.jpg").read()).toMatchObject({ status: 200 });
  expect(await readerOf("https://10.0.0.5/a.jpg").read()).toMatchObject({ notAsked: true });
});

test("what a name resolves to is asked once in 30 s, also if it fails", async () => {
  let nowMs = 0;
  let count = 0;
  const guard = addressGuard({
    resolve: async () => {
      count += 1;
      if (count === 1) throw new Error("no such name");
      return ["8.8.8.8"];
    },
    clock: { monotonicMs: () => nowMs },
  });
  const url = new URL("https://images.shop.example/a.jpg");
  await expect(guard(url)).rejects.toThrow("no such name");
  nowMs = 29_999;
  await expect(guard(url)).rejects.toThrow("no such name");
  expect(count).toBe(1);
  nowMs = 30_000;
  expect(await guard(url)).toBeUndefined();
  expect(await guard(url)).toBeUndefined();
  expect(count).toBe(2);
});
