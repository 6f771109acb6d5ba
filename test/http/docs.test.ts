import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
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
afterAll(() => desk.close());

test("the page shows every route and every problem code", async () => {
  const { text } = await desk.call("/api/docs");
  const shown = [
    ...descriptions.map(({ operationId }) => `id="${operationId}"`),
    ...Object.keys(problems).map((code) => `<code>${code}</code>`),
  ];
  expect(shown.filter((part) => !text.includes(part))).toEqual([]);
});

/** The commands, or the code, that the page shows, as a person copies them. */
async function shownAs(pattern: RegExp): Promise<readonly (readonly [id: string, text: string])[]> {
  const { text } = await desk.call("/api/docs");
  const unescaped = (html: string) =>
    html.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return text
    .split('<article id="')
    .slice(1)
    .flatMap((article) => {
      const [, shown] = pattern.exec(article) ?? [];
      return shown === undefined ? [] : [[article.slice(0, article.indexOf('"')), unescaped(shown)] as const];
    });
}

const commands = () => shownAs(/<pre><code>(curl [\s\S]*?)<\/code>/);

/** The arguments that a shell hands to curl. */
async function argumentsOf(command: string): Promise<readonly string[]> {
  const script = `curl() { for argument; do printf '%s\\n' "$argument"; done; }\n${command}`;
  const env = { PURGE_DESK_URL: "", PURGE_DESK_TOKEN: tokens.admin };
  return (await run("/bin/sh", ["-c", script], { env })).stdout.trimEnd().split("\n");
}

test("the page has a command for each route that a shell runs and the API accepts", async () => {
  const shown = await commands();
  expect(shown.map(([id]) => id)).toEqual(descriptions.map(({ operationId }) => operationId));
  for (const [i, [, command]] of shown.entries()) {
    const [path = "", ...options] = await argumentsOf(command);
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
    // The ids of the examples are of no purge.
    const unknown = { purge: 404, imagekit: 400 };
    const status = command.includes("_01kaq3")
      ? unknown.purge
      : path.includes(answerExamples.ImageKitAccepted.requestId)
        ? unknown.imagekit
        : descriptions[i]?.answers[0]?.status;
    expect(answer.status, command).toBe(status);
  }
});

test("the page has code for each method of the client that calls a route, and it runs as it stands", async () => {
  const shown = await shownAs(/<pre><code>((?:const|for await) [\s\S]*?)<\/code>/);
  const methods = shown.map(([, code]) => /desk\.(\w+)/.exec(code)?.[1] ?? "");
  const client = purgeDesk({
    url: "http://desk.test",
    token: tokens.admin,
    fetch: async (url, init) => desk.app.fetch(new Request(url, init)),
  });
  expect([...methods, "wait"].sort()).toEqual(Object.keys(client).sort());
  for (const [id, code] of shown) {
    const run = new Function("desk", "console", `return (async () => { ${code} })()`);
    const ended: unknown = await run(client, { log: () => undefined }).catch((error: unknown) => error);
    // The ids of the examples are of no purge.
    const expected = code.includes("_01kaq3") ? "not-found" : undefined;
    expect(ended instanceof PurgeDeskError ? ended.code : ended, id).toBe(expected);
  }
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
