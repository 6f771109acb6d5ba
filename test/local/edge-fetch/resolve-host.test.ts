import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { hostResolver } from "../../../src/local/edge-fetch/resolve-host.ts";

/** Record types in a DNS question. */
const types = { a: 1, aaaa: 28 } as const;

/** A name server that knows addresses (as bytes) by record type, and answers "no such name" if it knows none. */
async function nameServer(addresses: ReadonlyMap<number, readonly number[]>): Promise<string> {
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  socket.on("message", (query, { port }) => {
    // Header (12 bytes), then one question: the name ends with a zero byte, then its type and class.
    const end = query.indexOf(0, 12) + 5;
    const address = addresses.get(query.readUInt16BE(end - 4));
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(addresses.size === 0 ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(address === undefined ? 0 : 1, 6);
    header.fill(0, 8);
    const record = Buffer.from([
      0xc0,
      12,
      ...query.subarray(end - 4, end),
      0,
      0,
      0,
      60,
      0,
      address?.length ?? 0,
    ]);
    const answer = address === undefined ? [] : [record, Buffer.from(address)];
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answer]), port);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return `127.0.0.1:${socket.address().port}`;
}

test("a host has the addresses of both kinds that its name servers give", async () => {
  const v6 = [0x26, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const server = await nameServer(
    new Map<number, readonly number[]>([
      [types.a, [143, 204, 10, 1]],
      [types.aaaa, v6],
    ]),
  );
  const resolveHost = hostResolver([server]);
  expect(await resolveHost("images.shop.example")).toEqual(["143.204.10.1", "2600:9000::1"]);
});

test("a host of one kind has the addresses of that kind", async () => {
  const resolveHost = hostResolver([await nameServer(new Map([[types.a, [10, 0, 0, 5]]]))]);
  expect(await resolveHost("images.shop.example")).toEqual(["10.0.0.5"]);
});

test("a host without addresses is an error that says so", async () => {
  const resolveHost = hostResolver([await nameServer(new Map())]);
  await expect(resolveHost("images.shop.example")).rejects.toThrow("ENOTFOUND");
});
