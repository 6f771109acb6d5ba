import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { timings } from "../../src/ledger/timings.ts";
import { listen } from "../../src/local/listen.ts";
import { type CallInit, startApp, type TestApp, tokens } from "../support/app.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const jsonOf = (token: string) => ({ Authorization: `Bearer ${token}`, "Content-Type": "application/json" });
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp();
});
afterAll(async () => {
  await desk.close();
});

type Row = {
  readonly what: string;
  readonly init: CallInit;
  readonly code: string;
  readonly status: number;
  readonly names?: string;
};

const bytes = (...values: readonly number[]) => new Uint8Array(values);
const urls = (count: number) =>
  Array.from({ length: count }, (_, n) => `https://ik.imagekit.io/demo/${n}.jpg`);

const bodies: readonly Row[] = [
  { what: "not JSON", init: { body: "{urls:[]}" }, code: "malformed-json", status: 400 },
  { what: "an empty body", init: { body: "" }, code: "malformed-json", status: 400 },
  { what: "JSON cut short", init: { body: '{"urls":["a"' }, code: "malformed-json", status: 400 },
  {
    what: "JSON in invalid UTF-8",
    init: { body: bytes(0x22, 0xff, 0x22) },
    code: "malformed-json",
    status: 400,
  },
  {
    what: "JSON nested 100,000 deep",
    init: { body: "[".repeat(100_000) },
    code: "malformed-json",
    status: 400,
  },
  {
    what: "text in invalid UTF-8",
    init: { body: bytes(0x68, 0xff), type: "text/plain" },
    code: "invalid-body",
    status: 422,
  },
  { what: "an array", init: { json: [shoe] }, code: "invalid-body", status: 422 },
  { what: "null", init: { json: null }, code: "invalid-body", status: 422 },
  { what: "no urls", init: { json: {} }, code: "invalid-body", status: 422, names: "/urls" },
  {
    what: "urls as a text",
    init: { json: { urls: shoe } },
    code: "invalid-body",
    status: 422,
    names: "/urls",
  },
  {
    what: "a number among the urls",
    init: { json: { urls: [shoe, 7] } },
    code: "invalid-body",
    status: 422,
    names: "/urls/1",
  },
  { what: "0 URLs", init: { json: { urls: [] } }, code: "invalid-body", status: 422, names: "/urls" },
  {
    what: "0 URLs as text",
    init: { body: "\n \n", type: "text/plain" },
    code: "invalid-body",
    status: 422,
    names: "/urls",
  },
  { what: "1,001 URLs", init: { json: { urls: urls(1_001) } }, code: "too-many-urls", status: 422 },
  {
    what: "1,001 URLs as text",
    init: { body: urls(1_001).join("\n"), type: "text/plain" },
    code: "too-many-urls",
    status: 422,
  },
  {
    what: "1,001 lines, some of them images",
    init: { json: { urls: urls(1_000), images: ["/a.jpg"] } },
    code: "too-many-targets",
    status: 422,
  },
  {
    what: "an unknown field",
    init: { json: { urls: [shoe], force: true } },
    code: "invalid-body",
    status: 422,
    names: "/force",
  },
  {
    what: "__proto__ as a field",
    init: { body: `{"urls":["${shoe}"],"__proto__":{"onInvalid":"skip"}}` },
    code: "invalid-body",
    status: 422,
    names: "/__proto__",
  },
  {
    what: "constructor as a field",
    init: { body: `{"urls":["${shoe}"],"constructor":{"prototype":{}}}` },
    code: "invalid-body",
    status: 422,
    names: "/constructor",
  },
  {
    what: "a reason of 501 characters",
    init: { json: { urls: [shoe], reason: "x".repeat(501) } },
    code: "invalid-body",
    status: 422,
    names: "/reason",
  },
  {
    what: "changedAt that is no time",
    init: { json: { urls: [shoe], changedAt: "yesterday" } },
    code: "invalid-body",
    status: 422,
    names: "/changedAt",
  },
  {
    what: "changedAt in an hour",
    init: { json: { urls: [shoe], changedAt: new Date(Date.now() + 3_600_000).toISOString() } },
    code: "invalid-body",
    status: 422,
    names: "/changedAt",
  },
  {
    what: "another word for onInvalid",
    init: { json: { urls: [shoe], onInvalid: "ignore" } },
    code: "invalid-body",
    status: 422,
    names: "/onInvalid",
  },
  {
    what: "check as a text",
    init: { json: { urls: [shoe], check: "yes" } },
    code: "invalid-body",
    status: 422,
    names: "/check",
  },
  {
    what: "a form",
    init: { body: "urls=a", type: "application/x-www-form-urlencoded" },
    code: "unsupported-media-type",
    status: 415,
  },
  {
    what: "JSON in Latin-1",
    init: { body: "{}", type: "application/json; charset=iso-8859-1" },
    code: "unsupported-media-type",
    status: 415,
  },
  {
    what: "a compressed body",
    init: { body: "{}", headers: { "Content-Encoding": "gzip" } },
    code: "unsupported-media-type",
    status: 415,
  },
  {
    what: "5 MB",
    init: { body: " ".repeat(5_000_000) },
    code: "body-too-large",
    status: 413,
  },
  {
    what: "one byte too many",
    init: { body: " ".repeat(maxBodyBytes + 1) },
    code: "body-too-large",
    status: 413,
  },
];

describe.each(["/api/plan", "/api/purges"])("POST %s", (path) => {
  test.each(bodies)(`POST ${path} refuses $what with $code`, async ({ init, code, status, names }) => {
    const answer = await desk.call(path, { method: "POST", token: tokens.admin, ...init });
    expect(answer).toMatchObject({ status, body: { code } });
    if (names !== undefined) {
      expect(answer.body.errors.map(({ at }: { at: string }) => at)).toContain(names);
      expect(answer.body.detail).toContain(names);
    }
  });

  test(`POST ${path} reads no more than the limit of a stream that lies about its length`, async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const headers = { "Content-Length": "20" };
    const answer = await desk.call(path, { method: "POST", token: tokens.admin, body, headers });
    expect(answer).toMatchObject({ status: 413, body: { code: "body-too-large" } });
    expect(sent).toBeLessThan(2 * maxBodyBytes);
  });

  test(`POST ${path} accepts a body of exactly the limit`, async () => {
    const json = JSON.stringify({ urls: [shoe] });
    const body = json + " ".repeat(maxBodyBytes - json.length);
    const answer = await desk.call(path, { method: "POST", token: tokens.admin, body });
    expect(answer.status).toBeLessThan(300);
  });

  test(`POST ${path} lets the last of two equal keys count, as JSON.parse does`, async () => {
    const body = `{"urls":[],"urls":["${shoe}"]}`;
    const answer = await desk.call(path, { method: "POST", token: tokens.admin, body });
    expect(answer.status).toBeLessThan(300);
  });

  test(`POST ${path} allows a caller's clock to run half a minute ahead`, async () => {
    const changedAt = new Date(Date.now() + 30_000).toISOString();
    const answer = await desk.call(path, {
      method: "POST",
      token: tokens.admin,
      json: { urls: [shoe], changedAt },
    });
    expect(answer.status).toBeLessThan(300);
  });
});

test("changedAt may be exactly as far ahead as a caller's clock may run, and no millisecond more", async () => {
  const time = { now: Date.now() };
  const moved = await startApp({ time });
  const planAhead = async (ms: number) => {
    const json = { urls: [shoe], changedAt: new Date(time.now + ms).toISOString() };
    return (await moved.call("/api/plan", { method: "POST", token: tokens.admin, json })).status;
  };
  expect([await planAhead(timings.clockLeadMs), await planAhead(timings.clockLeadMs + 1)]).toEqual([
    200, 422,
  ]);
  await moved.close();
});

test.each<[string, CallInit, string]>([
  ["101 URLs", { json: { urls: urls(101) } }, "too-many-urls"],
  ["101 URLs as text", { body: urls(101).join("\n"), type: "text/plain" }, "too-many-urls"],
  ["101 images", { json: { images: urls(101) } }, "too-many-targets"],
  ["100 URLs and an image", { json: { urls: urls(100), images: [shoe] } }, "too-many-targets"],
])("a batch of %s is refused, and how many there may be is said", async (_, init, code) => {
  const answer = await desk.call("/api/purges", { method: "POST", token: tokens.admin, ...init });
  expect(answer).toMatchObject({ status: 422, body: { code, limit: 100, count: 101 } });
  expect(answer.body.detail).toMatch(/At most 100 .* 101\. Split them/);
});

describe("an Idempotency-Key", () => {
  test.each([
    ["empty", ""],
    ["of 256 characters", "k".repeat(256)],
    ["with a control character", "a\tb"],
    ["beyond ASCII", "clé"],
  ])("an Idempotency-Key %s is refused", async (_, key) => {
    const headers = { "Idempotency-Key": key };
    const json = { urls: [shoe] };
    const answer = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json, headers });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-header" } });
    expect(answer.body.errors).toEqual([expect.objectContaining({ in: "header", at: "Idempotency-Key" })]);
  });

  test("two Idempotency-Key headers are refused, and a key may have a comma", async () => {
    const server = await listen({
      fetch: (request, platform) => desk.app.fetch(request, platform),
      port: 0,
      onError: () => undefined,
    });
    // fetch would join the two.
    const send = async (...keys: readonly string[]): Promise<number> => {
      const headers = { ...jsonOf(tokens.purge), "Idempotency-Key": [...keys] };
      const sent = request(`${server.url}/api/purges`, { method: "POST", headers });
      sent.end(JSON.stringify({ urls: [shoe] }));
      const [answer] = await once(sent, "response");
      answer.resume();
      return answer.statusCode;
    };
    try {
      expect(await send("k1", "k2")).toBe(422);
      expect(await send("k1, k2")).toBe(202);
    } finally {
      await server.close();
    }
  });

  test("an Idempotency-Key of 255 characters is accepted", async () => {
    const headers = { "Idempotency-Key": "k".repeat(255) };
    const json = { urls: [shoe] };
    const answer = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json, headers });
    expect(answer.status).toBe(202);
  });
});

describe("the query of a list", () => {
  test.each([
    ["state=lost", "state"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=1e1", "limit"],
    ["from=monday", "from"],
    ["batch=b_1", "batch"],
    ["actor=No%20Such", "actor"],
    ["sate=queued", "sate"],
    ["__proto__=1", "__proto__"],
    ["state=queued&state=held", "state"],
    ["edge=shiny", "edge"],
    ["edge=", "edge"],
    ["edge=stale&edge=fresh", "edge"],
    ["edge=constructor", "edge"],
    ["cursor=%00", "cursor"],
    ["cursor=bm9uc2Vuc2U", "cursor"],
    ["cursor=", "cursor"],
  ])("a list with the query %s is refused, naming the parameter in words", async (query, name) => {
    const answer = await desk.call(`/api/purges?${query}`, { token: tokens.read });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-query" } });
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ in: "query", at: name }));
    expect(answer.body.detail).not.toMatch(/[\\^$]|field|must match/);
  });
});

describe("a correction", () => {
  test.each([
    [{ external: -1 }],
    [{ external: 1.5 }],
    [{ external: "3" }],
    [{}],
    [{ external: 1, note: "x" }],
  ])("a correction %j is refused", async (json) => {
    const answer = await desk.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-body" } });
  });
});

describe("an id", () => {
  test.each([
    ["/api/purges/nonsense"],
    ["/api/purges/p_01kaq3h8x0fj7m2k9t4v6w8y0z"],
    ["/api/purges/%00%zz"],
    ["/api/purges/b_01kaq3h8x0fj7m2k9t4v6w8y0z"],
    ["/api/batches/nonsense"],
    ["/api/batches/b_01kaq3h8x0fj7m2k9t4v6w8y0z"],
  ])("%s is a 404 if it does not exist", async (path) => {
    expect(await desk.call(path, { token: tokens.read })).toMatchObject({
      status: 404,
      body: { code: "not-found" },
    });
  });
});

test("of all bad input, only what was accepted reached ImageKit or the budget", async () => {
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  expect(desk.imagekit.purged).not.toEqual([]);
  expect(body.spent + body.reserved).toBe(desk.imagekit.purged.length);
});
