import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { checkUpstash } from "../../src/local/check-upstash.ts";
import { listen } from "../../src/local/listen.ts";
import { startBackend } from "../support/ledger-backends.ts";

let redis: Awaited<ReturnType<typeof startBackend>>;
beforeAll(async () => {
  redis = await startBackend("embedded");
});
afterAll(() => redis.close());

/** What npm start would print about this address. */
async function complaintAbout(address: Parameters<typeof checkUpstash>[0]): Promise<string> {
  const thrown: unknown = await checkUpstash(address).catch((error: unknown) => error);
  if (!(thrown instanceof CannotStart)) throw new Error("it would start", { cause: thrown });
  return thrown.message;
}

/** A server that gives every request this answer. */
async function complaintAboutAnswer(answer: () => Response): Promise<string> {
  const server = await listen({ fetch: answer, port: 0, onError: () => undefined });
  const message = await complaintAbout({ url: server.url, token: "mine" });
  await server.close();
  return message;
}

test("an Upstash that runs scripts is accepted and holds nothing more afterwards", async () => {
  await checkUpstash(redis);
  expect(await redis.raw.dbsize()).toBe(0);
});

test("a wrong token is named, and not shown", async () => {
  const message = await complaintAbout({ url: redis.url, token: "tell-nobody" });
  expect(message).toMatch(/^UPSTASH_REDIS_REST_TOKEN: is not accepted/);
  expect(message).not.toContain("tell-nobody");
});

test("a closed port is named as a refused connection", async () => {
  const closed = await listen({ fetch: () => new Response(), port: 0, onError: () => undefined });
  await closed.close();
  expect(await complaintAbout({ url: closed.url, token: "mine" })).toMatch(
    /^UPSTASH_REDIS_REST_URL: .*\(connection refused\)$/,
  );
});

test("a host name that nobody has is named as that", async () => {
  expect(await complaintAbout({ url: "http://purge-desk.invalid", token: "mine" })).toMatch(
    /^UPSTASH_REDIS_REST_URL: .*\(the host name (is not known|cannot be looked up now)\)$/,
  );
});

test("an address that is silent is given up", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  if (address === null || typeof address === "string") throw new Error("listening on no port");
  const url = `http://127.0.0.1:${address.port}`;
  expect(await complaintAbout({ url, token: "mine", withinMs: 50 })).toMatch(
    /^UPSTASH_REDIS_REST_URL: .*\(no answer in time\)$/,
  );
  silent.closeAllConnections();
  silent.close();
});

test.each([
  ["a web page", () => new Response("<h1>Welcome</h1>"), /status 200\) is not Upstash/],
  ["a page that is missing", () => new Response("", { status: 404 }), /status 404\) is not Upstash/],
  ["a redirect", () => Response.redirect("https://elsewhere.example/"), /status 302\) is not Upstash/],
  ["JSON of another service", () => Response.json({ ok: true }), /status 200\) is not Upstash/],
  [
    "a read-only token",
    () => Response.json({ error: "NOPERM this user has no permissions to run EVAL" }, { status: 400 }),
    /^UPSTASH_REDIS_REST_TOKEN: may not run scripts/,
  ],
  [
    "a database that is full",
    () => Response.json({ error: "OOM command not allowed" }, { status: 400 }),
    /cannot be used \(OOM command not allowed\)$/,
  ],
])("an address that answers with %s is not taken for a ledger", async (_, answer, complaint) => {
  expect(await complaintAboutAnswer(answer)).toMatch(complaint);
});
