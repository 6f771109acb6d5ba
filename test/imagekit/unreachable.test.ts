import { expect, test } from "vitest";
import { clientOf, rawServer } from "./servers.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";

/** Fails as Node does: a TypeError without details, whose cause is the failure. */
function fetchFailing(cause: unknown): typeof fetch {
  return async () => {
    throw new TypeError("fetch failed", { cause });
  };
}
const systemError = (code: string, syscall?: string) =>
  Object.assign(
    new Error(`${syscall ?? "it"} ${code}`),
    syscall === undefined ? { code } : { code, syscall },
  );

test("a refused connection is unreachable", async () => {
  const server = await rawServer(() => undefined);
  await server.close();
  const client = clientOf(server.url);
  const message = expect.stringContaining("ECONNREFUSED");
  expect(await client.purge(url)).toEqual({ outcome: "unreachable", message });
  expect(await client.status("a1")).toEqual({ outcome: "unreachable", message });
});

test("a name that does not exist is unreachable", async () => {
  const outcome = await clientOf("http://imagekit.invalid").purge(url);
  expect(outcome).toEqual({
    outcome: "unreachable",
    message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
  });
});

test.each([
  ["DNS", systemError("ENOTFOUND", "getaddrinfo")],
  ["DNS, for now", systemError("EAI_AGAIN", "getaddrinfo")],
  ["no route", systemError("EHOSTUNREACH", "connect")],
  ["no network", systemError("ENETUNREACH", "connect")],
  ["a connect that timed out", systemError("ETIMEDOUT", "connect")],
  ["undici's connect time-out", systemError("UND_ERR_CONNECT_TIMEOUT")],
  ["an expired certificate", systemError("CERT_HAS_EXPIRED")],
  ["a self-signed certificate", systemError("DEPTH_ZERO_SELF_SIGNED_CERT")],
  ["another host's certificate", systemError("ERR_TLS_CERT_ALTNAME_INVALID")],
  [
    "every address refused",
    new AggregateError([systemError("ECONNREFUSED", "connect"), systemError("ETIMEDOUT", "connect")]),
  ],
])("an error that proves nothing was sent is unreachable: %s", async (_, cause) => {
  const outcome = await clientOf("http://imagekit.invalid", { fetch: fetchFailing(cause) }).purge(url);
  expect(outcome.outcome).toBe("unreachable");
});

test.each([
  ["a reset", systemError("ECONNRESET", "read")],
  ["a broken pipe", systemError("EPIPE", "write")],
  ["no route, found while reading", systemError("EHOSTUNREACH", "read")],
  ["refused, found while reading", systemError("ECONNREFUSED", "read")],
  ["timed out while reading", systemError("ETIMEDOUT", "read")],
  ["undici's closed socket", systemError("UND_ERR_SOCKET")],
  ["undici's headers time-out", systemError("UND_ERR_HEADERS_TIMEOUT")],
  ["a TLS alert", systemError("EPROTO")],
  ["no cause", undefined],
  ["a cause that is text", "ECONNREFUSED"],
  ["a code that is not text", { code: 111 }],
  [
    "one of two addresses reset",
    new AggregateError([systemError("ECONNREFUSED", "connect"), systemError("ECONNRESET", "read")]),
  ],
  ["no address at all", new AggregateError([])],
])("an error that leaves open whether the purge was sent is unknown: %s", async (_, cause) => {
  const client = clientOf("http://imagekit.invalid", { fetch: fetchFailing(cause) });
  expect(await client.purge(url)).toEqual({ outcome: "unknown", message: expect.any(String) });
  expect(await client.status("a1")).toEqual({ outcome: "failed", message: expect.any(String) });
});

test("a thrown value that is not an error is unknown", async () => {
  const client = clientOf("http://imagekit.invalid", { fetch: () => Promise.reject("no") });
  expect(await client.purge(url)).toEqual({ outcome: "unknown", message: "the network failed" });
});
