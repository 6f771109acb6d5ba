import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Bundle, bundleFunctions } from "../../src/build/bundle.ts";
import { securityHeaders } from "../../src/http/middleware/security-headers.ts";

const functionsFolder = fileURLToPath(new URL("../../netlify/functions/", import.meta.url));
let folder = "";
let bundles: readonly Bundle[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-"));
  bundles = await bundleFunctions({ from: functionsFolder, to: folder });
});
afterAll(() => rm(folder, { recursive: true }));

const functions = ["api", "pages", "sweep"] as const;
const load = (name: (typeof functions)[number]) => import(join(folder, `${name}.mjs`));

test("each Netlify function is one module whose config Netlify can read", async () => {
  expect(bundles.map(({ name }) => name).sort()).toEqual(functions);
  const paths = ["/api/*", "/v1/*", "/v2/*"];
  const rateLimit = { windowSize: 60, windowLimit: 300, aggregateBy: ["ip", "domain"] };
  expect((await load("api")).config).toMatchObject({ path: paths, rateLimit });
  expect((await load("pages")).config).toMatchObject({
    path: "/*",
    excludedPath: paths,
    preferStatic: true,
    rateLimit,
  });
  expect((await load("sweep")).config).toEqual({ schedule: "* * * * *" });
});

test("without settings, every function loads and answers misconfigured", async () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const context = { waitUntil: () => {}, requestId: "1" };
  for (const [name, path] of [
    ["api", "/api/health"],
    ["pages", "/"],
  ] as const) {
    const answer = await (await load(name)).default(new Request(`https://purge.test${path}`), context);
    expect([answer.status, (await answer.json()).code]).toEqual([503, "misconfigured"]);
  }
  const swept = await (await load("sweep")).default(
    new Request("https://purge.test/", { method: "POST" }),
    context,
  );
  expect(swept.status).toBe(503);
  expect(log.mock.calls.join("\n")).toContain("PURGE_TOKENS: is not set");
  log.mockRestore();
});

test("no function has anything of the build, or of what npm start simulates", () => {
  const files = bundles.flatMap(({ parts }) => parts.map(({ file }) => file));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /src\/(build|local\/(imagekit|redis|sample))\//.test(file))).toEqual([]);
});

test("the API function carries the OpenAPI document, but not the descriptions that it was made from", async () => {
  const api = await readFile(join(folder, "api.mjs"), "utf8");
  expect(api.match(/"operationId":"planPurges"/g)).toHaveLength(1);
});

test("the functions also bundle for a runtime without Node's modules, but for the connections of edge checks", async () => {
  const { metafile } = await esbuild.build({
    entryPoints: functions.map((name) => join(functionsFolder, `${name}.ts`)),
    outdir: folder,
    write: false,
    metafile: true,
    external: ["node:*"],
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    logLevel: "silent",
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect([...new Set(outside)].sort()).toEqual(["node:dns/promises", "node:http", "node:https", "node:net"]);
});

test("Netlify serves static files with the security headers of the app", async () => {
  const settings = await readFile(new URL("../../netlify.toml", import.meta.url), "utf8");
  const { "Cache-Control": _, ...headers } = securityHeaders;
  for (const [name, value] of Object.entries(headers)) expect(settings).toContain(`    ${name} = "${value}"`);
});
