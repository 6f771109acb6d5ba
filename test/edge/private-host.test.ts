import { expect, test } from "vitest";
import { whyPrivate } from "../../src/edge/private-host.ts";
import { edgeClient } from "../../src/edge/read-edge.ts";

/** Asks about each URL; records what leaves. */
function readerOf(url: string) {
  const asked: string[] = [];
  const client = edgeClient({
    fetch: async (input) => {
      asked.push(input);
      return new Response(null, { headers: { "content-type": "image/webp" } });
    },
    hosts: new Set([new URL(url).host]),
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
  "[64:ff9b:1::a00:1]",
  "[::ffff:0:10.0.0.1]",
  "[2001:0:a00:1::]",
  "[2002:a00:1::]",
  "[2001:db8::1]",
  "localhost",
  "localhost.",
  "cdn.localhost",
  "metadata",
  "metadata.google.internal",
  "printer.local",
])("a host written as %s is refused, and nothing is sent to it", async (host) => {
  const { asked, read, readBefore } = readerOf(`http://${host}/demo/a.jpg`);
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
  ["a private address behind NAT64", ["64:ff9b::a00:1"]],
  ["a link-local address with its zone", ["fe80::1%eth0"]],
  ["a public and a private address", ["8.8.8.8", "10.0.0.5"]],
  ["what is no address", ["nonsense"]],
])("a host with %s is said not to be public", (_, addresses) => {
  expect(whyPrivate(addresses)).toContain("not public");
});

test("a host with public addresses of both kinds is not private", () => {
  expect(whyPrivate(["143.204.10.1", "2600:9000:2000::1"])).toBeUndefined();
});

test.each(["https://images.shop.example/a.jpg", "https://8.8.8.8/a.jpg", "https://[2600:9000::1]/a.jpg"])(
  "%s is read",
  async (url) => {
    const { asked, read } = readerOf(url);
    expect(await read()).toMatchObject({ status: 200 });
    expect(asked).toEqual([url]);
  },
);
