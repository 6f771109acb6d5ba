import { once } from "node:events";
import { request } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { type Listening, listen } from "../../src/local/listen.ts";
import { origin, sessionCookie, sessionSecret } from "../dashboard/session.ts";
import { clientOf, httpServer } from "../imagekit/servers.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { pump } from "./hostile-text.ts";

/** Less than half of the shortest time that ImageKit is given, on a machine that is busy with other tests. */
const mostLagMs = 2_000;
/** Node takes 16 KiB in all headers together. What takes far too long is found before it would take for ever. */
const headerLengths = [1_000, 3_000, 15_000];

const url = "https://ik.imagekit.io/demo/";
const fragments = [
  " ",
  ".",
  ",",
  ";",
  '"',
  "'",
  "%",
  "%25",
  "%20",
  "(",
  "<",
  "\\",
  "/",
  "a.",
  "a=",
  "=",
  "&",
];

let desk: TestApp;
let server: Listening;
let cookie = "";
let batchPath = "";

beforeAll(async () => {
  desk = await startApp({ env: sessionSecret });
  // As behind a platform's TLS: the session's cookie and its origin belong to https.
  const behindTls = (request: Request) => new Request(request.url.replace(server.url, origin), request);
  server = await listen({
    fetch: (request, platform) => desk.app.fetch(behindTls(request), platform),
    port: 0,
    onError: () => {},
  });
  cookie = await sessionCookie(desk, tokens.admin);
  const batch = await desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: [`${url}a.jpg`] },
  });
  batchPath = `/api/batches/${batch.body.id}`;
});
afterAll(async () => {
  await server.close();
  await desk.close();
});

type Sent = {
  readonly method?: "GET" | "POST";
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const bearer = { Authorization: `Bearer ${tokens.admin}` };
const json = { ...bearer, "Content-Type": "application/json" };
const text = { ...bearer, "Content-Type": "text/plain" };
const form = () => ({ Cookie: cookie, Origin: origin, "Content-Type": "application/x-www-form-urlencoded" });

const header = (
  name: string,
  starts: string,
  others: Readonly<Record<string, string>> = bearer,
  path?: string,
) => ({
  what: `the header ${name}`,
  lengths: headerLengths,
  send: (fragment: string, length: number): Sent => ({
    path: path ?? batchPath,
    headers: { ...others, [name]: pump({ before: starts, fragment, after: '""z' }, length) },
  }),
});

type Entry = {
  readonly what: string;
  readonly lengths?: readonly number[];
  readonly send: (fragment: string, length: number) => Sent;
};

const entries: readonly Entry[] = [
  header("Prefer", "wait="),
  header("Prefer", "wait=0; until="),
  header("Authorization", "Bearer ", {}),
  header("Authorization", "Basic ", {}, "/v1/files/purge/0123456789abcdef01234567"),
  header("Cookie", "purge-desk=", {}),
  header("Accept", "text/html"),
  header("Origin", "https://"),
  ...["Content-Type", "Content-Encoding", "Idempotency-Key"].map((name) => ({
    what: `the header ${name}`,
    lengths: headerLengths,
    send: (fragment: string, length: number): Sent => ({
      method: "POST",
      path: "/api/purges",
      headers: { ...json, [name]: pump({ before: "text/plain;", fragment, after: '""z' }, length) },
      body: "{}",
    }),
  })),
  ...["q", "cursor", "from", "batch", "edge", "unknown"].map((name) => ({
    what: `the parameter ${name}`,
    send: (fragment: string): Sent => {
      const query = new URLSearchParams({ [name]: fragment.repeat(4_000 / fragment.length) });
      return { path: `/api/purges?${query}`, headers: bearer };
    },
  })),
  {
    what: "a path",
    send: (fragment) => ({
      path: `/api/batches/${encodeURI(fragment).repeat(3_000)}`.slice(0, 15_000),
      headers: bearer,
    }),
  },
  {
    what: "ImageKit's own API",
    send: (fragment, length) => ({
      method: "POST",
      path: "/v1/files/purge",
      headers: {
        ...json,
        Authorization: `Basic ${btoa(`${tokens.admin}:`)}`,
        "X-Stainless-Retry-Count": "1",
      },
      body: JSON.stringify({ url: pump({ before: url, fragment, after: "*" }, length / 4) }),
    }),
  },
  {
    what: "an id of ImageKit's own API",
    send: (fragment) => ({
      path: `/v1/files/purge/${encodeURI(fragment).repeat(3_000)}`.slice(0, 12_000),
      headers: { Authorization: `Basic ${btoa(`${tokens.admin}:`)}` },
    }),
  },
  {
    what: "the dashboard's form of a profile",
    send: (fragment) => {
      const pumped = `${url}tr:${fragment.repeat(20_000 / fragment.length)}`;
      const names = ["name", "paths", "endpoint.0", "transformations", "choice.0", "chosen.0"];
      const fields = names.map((name) => [`profile.0.${name}`, name === "choice.0" ? `1 ${pumped}` : pumped]);
      return {
        method: "POST",
        path: "/profiles/edit",
        headers: form(),
        body: `${new URLSearchParams(fields)}`,
      };
    },
  },
  {
    what: "a text of one URL",
    send: (fragment, length) => ({
      method: "POST",
      path: "/api/plan",
      headers: text,
      body: pump({ before: url, fragment, after: "*" }, length),
    }),
  },
  {
    what: "a hundred URLs",
    send: (fragment) => ({
      method: "POST",
      path: "/api/plan",
      headers: json,
      body: JSON.stringify({ urls: Array(100).fill(pump({ before: url, fragment, after: "*" }, 2_500)) }),
    }),
  },
  {
    what: "the fields of a body",
    send: (fragment) => {
      const pumped = fragment.repeat(60_000 / fragment.length);
      const body = JSON.stringify({ urls: [pumped], reason: pumped, changedAt: pumped, [pumped]: 1 });
      return { method: "POST", path: "/api/purges", headers: json, body };
    },
  },
  {
    what: "the dashboard's form",
    send: (fragment) => {
      const pumped = fragment.repeat(30_000 / fragment.length);
      const body = new URLSearchParams({
        urls: url + pumped,
        reason: pumped,
        key: pumped,
        changedAt: pumped,
      });
      return { method: "POST", path: "/new", headers: form(), body: body.toString() };
    },
  },
  {
    what: "the dashboard's search",
    send: (fragment) => {
      const query = new URLSearchParams({
        q: fragment.repeat(500 / fragment.length),
        actor: fragment.repeat(2_000),
      });
      return { path: `/?${query}`.slice(0, 12_000), headers: { Cookie: cookie } };
    },
  },
  {
    what: "the sign-in",
    send: (fragment) => {
      const pumped = fragment.repeat(30_000 / fragment.length);
      const body = new URLSearchParams({ token: pumped, next: `/${pumped}` }).toString();
      return { method: "POST", path: "/sign-in", headers: form(), body };
    },
  },
];

test.each(entries)(
  "$what keeps the process from nothing else, whatever is repeated in it",
  async ({ send, lengths = [maxBodyBytes] }) => {
    for (const fragment of fragments) {
      for (const length of lengths) {
        const lagMs = await lagDuring(() => answered(send(fragment, length)));
        expect(lagMs, JSON.stringify(fragment)).toBeLessThan(mostLagMs);
      }
    }
  },
);

test.each(fragments)(
  "an answer of ImageKit full of %j keeps the process from nothing else",
  async (fragment) => {
    const said = pump({ before: "No", fragment, after: "z" }, 64 * 1024);
    const imagekit = await httpServer((response) =>
      response.writeHead(400).end(JSON.stringify({ message: said })),
    );
    const client = clientOf(imagekit.url);
    const lagMs = await lagDuring(async () => {
      expect(await client.purge(url)).toMatchObject({ outcome: "unexpected", status: 400 });
      expect(await client.status("ik1")).toMatchObject({ outcome: "unexpected", status: 400 });
    });
    expect(lagMs).toBeLessThan(mostLagMs);
  },
);

/**
 * What the text got to its reader with, and was refused or not: 429 after many wrong tokens. A session that is none
 * would be 303 or 403.
 */
const reached = [200, 400, 401, 404, 415, 422, 429];
/** ImageKit says 403 of a wrong key. */
const reachedThere = [...reached, 403];

async function answered({ method = "GET", path = "/", headers = {}, body }: Sent): Promise<void> {
  const sent = request(server.url + path, { method, headers, agent: false });
  sent.end(body);
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  expect(path.startsWith("/v1/") ? reachedThere : reached).toContain(response.statusCode);
}

/**
 * The longest time in which the process did nothing else while this was under way. A busy machine may pause the process too:
 * a text that takes too long does so each of three times.
 */
async function lagDuring(work: () => Promise<void>): Promise<number> {
  const lags: number[] = [];
  do lags.push(await lagOnce(work));
  while (Math.min(...lags) >= mostLagMs && lags.length < 3);
  return Math.min(...lags);
}

async function lagOnce(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  try {
    await work();
    await setImmediate();
  } finally {
    delay.disable();
  }
  return delay.max / 1e6;
}
