import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import ImageKit from "@imagekit/nodejs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { answerExamples } from "../../src/build/examples.ts";
import { descriptions } from "../../src/build/openapi.ts";
import { PurgeDeskError } from "../../src/client/client.ts";
import { purgeDesk } from "../../src/client/purge-desk.ts";
import { problems } from "../../src/http/answers/problem.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

const run = promisify(execFile);
let desk: TestApp;
beforeAll(async () => {
  desk = await startApp();
});
beforeEach(() => desk.redis.flush());
afterEach(() => vi.unstubAllEnvs());
afterAll(() => desk.close());

test("the page shows every route and every problem code", async () => {
  const { text } = await desk.call("/api/docs");
  const shown = [
    ...descriptions.map(({ operationId }) => `id="${operationId}"`),
    ...Object.keys(problems).map((code) => `<code>${code}</code>`),
  ];
  expect(shown.filter((part) => !text.includes(part))).toEqual([]);
});

/** Each route's command and code below "Try it", as a person copies them. */
async function shown() {
  const { text } = await desk.call("/api/docs");
  const unescaped = (html: string) =>
    html
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&gt;", ">")
      .replaceAll("&lt;", "<")
      .replaceAll("&amp;", "&");
  return text
    .split('<article id="')
    .slice(1)
    .map((article) => {
      const pattern =
        /<h4>Try it<\/h4>\s*<p>In a shell:<\/p>\s*<pre><code>(curl [^<]*)<\/code><\/pre>\s*<p>(.*?)<\/p>\s*<pre><code>([^<]*)</s;
      const [, command = "", introduction = "", code = ""] = pattern.exec(article) ?? [];
      const id = article.slice(0, article.indexOf('"'));
      return { id, command: unescaped(command), introduction, code: unescaped(code) };
    });
}

/** What a route answers to the page's example. */
function statusOf(id: string): number | undefined {
  const description = descriptions.find(({ operationId }) => operationId === id);
  // The ids of the examples are of no purge.
  if (/:(?:id|requestId)/.test(description?.route.path ?? "")) return id === "dropInStatus" ? 400 : 404;
  return description?.answers[0]?.status;
}

/** The arguments that a shell hands to curl, for each command. */
async function argumentsOf(commands: readonly string[]): Promise<readonly (readonly string[])[]> {
  const curl = `curl() { for argument; do printf '%s\\n' "$argument"; done; printf '\\036'; }`;
  const env = { PURGE_DESK_URL: "", PURGE_DESK_TOKEN: tokens.admin };
  const { stdout } = await run("/bin/sh", ["-c", [curl, ...commands].join("\n")], { env });
  return stdout.split("\u001e").map((lines) => lines.trimEnd().split("\n"));
}

test("the page has a command for each route that a shell runs and the API accepts", async () => {
  const all = await shown();
  expect(all.map(({ id }) => id)).toEqual(descriptions.map(({ operationId }) => operationId));
  const read = await argumentsOf(all.map(({ command }) => command));
  for (const [i, { id, command }] of all.entries()) {
    const [path = "", ...options] = read[i] ?? [];
    const valuesOf = (option: string) => options.filter((_, at) => options[at - 1] === option);
    const [body] = valuesOf("-d");
    const answer = await desk.call(path, {
      method: valuesOf("-X")[0] ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...Object.fromEntries(valuesOf("-H").map((header) => header.split(/: (.*)/))),
        ...Object.fromEntries(valuesOf("-u").map((user) => ["Authorization", `Basic ${btoa(user)}`])),
      },
      ...(body !== undefined && { body }),
    });
    expect(answer.status, command).toBe(statusOf(id));
  }
});

/** Runs code of the page, with what it imports; what it asked, how it was answered, and the error with which it ended. */
async function runCode(code: string) {
  const asked: { readonly route: string; readonly status: number }[] = [];
  const recordingFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const route = routeOf(request);
    const answer = await desk.app.fetch(request);
    asked.push({ route, status: answer.status });
    return answer;
  };
  const known = [
    'import { purgeDesk } from "purge-desk/client";',
    'import ImageKit from "@imagekit/nodejs";',
  ];
  const imports = code.match(/^import .*$/gm) ?? [];
  expect(known).toEqual(expect.arrayContaining(imports));
  const names = {
    purgeDesk: () => purgeDesk({ fetch: recordingFetch }),
    ImageKit: class extends ImageKit {
      constructor() {
        super({ fetch: recordingFetch });
      }
    },
    fetch: recordingFetch,
    console: { log: () => undefined },
  };
  const body = `return (async () => { ${code.replaceAll(/^import .*$/gm, "")} })()`;
  const run = new Function(...Object.keys(names), body);
  const ended: unknown = await run(...Object.values(names)).catch((error: unknown) => error);
  return { asked, ended };
}

function routeOf(request: Request): string {
  const { pathname } = new URL(request.url);
  const found = descriptions.find(
    ({ route: { method, path } }) =>
      method.toUpperCase() === request.method &&
      new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`).test(pathname),
  );
  return found?.operationId ?? `${request.method} ${pathname}`;
}

test("the page has code for each route, which calls this route as it stands", async () => {
  vi.stubEnv("PURGE_DESK_URL", "http://desk.test");
  vi.stubEnv("PURGE_DESK_TOKEN", tokens.admin);
  vi.stubEnv("IMAGE_KIT_BASE_URL", "http://desk.test");
  vi.stubEnv("IMAGEKIT_PRIVATE_KEY", tokens.admin);
  for (const { id, code } of await shown()) {
    const { asked, ended } = await runCode(code);
    expect(asked[0], code).toEqual({ route: id, status: statusOf(id) });
    expect(new Set(asked.map(({ route }) => route)), code).toEqual(new Set([id]));
    // Whatever else fails is a mistake in the code.
    if (ended instanceof PurgeDeskError || ended instanceof ImageKit.APIError)
      expect(ended.status, code).toBe(statusOf(id));
    else expect(ended, code).toBeUndefined();
  }
});

test("the page's code for a batch reads it and waits for it, with the id of a real batch", async () => {
  vi.stubEnv("PURGE_DESK_URL", "http://desk.test");
  vi.stubEnv("PURGE_DESK_TOKEN", tokens.admin);
  const sendAfter = new Date(Date.now() + 86_400_000).toISOString();
  const json = { images: ["/later.jpg"], sendAfter };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.admin, json });
  await desk.call(`/api/batches/${body.id}/cancel`, { method: "POST", token: tokens.admin });
  const { code = "" } = (await shown()).find(({ id }) => id === "readBatch") ?? {};
  const { asked, ended } = await runCode(code.replaceAll(answerExamples.Batch.id, body.id));
  expect(ended).toBeUndefined();
  expect(asked).toEqual([
    { route: "readBatch", status: 200 },
    { route: "readBatch", status: 200 },
  ]);
});

test("the page's code shows each method of the client, the SDK for ImageKit's API, and fetch for the rest", async () => {
  const methods: string[] = [];
  for (const { id, introduction, code } of await shown()) {
    const ofClient = [...code.matchAll(/desk\.(\w+)/g)].map(([, name = ""]) => name);
    methods.push(...ofClient);
    const expected = id.startsWith("dropIn")
      ? /^With ImageKit's SDK/
      : ofClient.length > 0
        ? /^With the client:$/
        : /^The client has no method for this\. With <code>fetch<\/code>:$/;
    expect(introduction, id).toMatch(expected);
  }
  const client = purgeDesk({ url: "http://desk.test", token: tokens.admin });
  expect(methods.sort()).toEqual(Object.keys(client).sort());
});

test("the contents link to every route and every schema that the page shows", async () => {
  const { text } = await desk.call("/api/docs");
  const targets = [...text.matchAll(/<a href="#([\w-]+)"/g)].map(([, id]) => id);
  const ids = [...text.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id);
  expect(targets).toEqual(expect.arrayContaining(descriptions.map(({ operationId }) => operationId)));
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  expect(text.replaceAll(/<pre>[\s\S]*?<\/pre>/g, "")).not.toContain("`");
});

test("the page loads nothing, runs nothing, and has the one style that its policy allows", async () => {
  const { text, headers } = await desk.call("/api/docs");
  expect(text).not.toMatch(/<(script|link|img|iframe|object)\b|\son\w+=|\sstyle=|\ssrc=/i);
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  expect(headers.get("Content-Security-Policy")).toContain(`style-src 'sha256-${hash}'`);
  expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
});
