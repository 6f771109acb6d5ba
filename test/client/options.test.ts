import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterEach, expect, test, vi } from "vitest";
import { purgeDesk } from "../../src/client/client.ts";

const answering = () => {
  const asked: { readonly url: string; readonly authorization: string | null }[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const { url, headers } = new Request(input, init);
    asked.push({ url, authorization: headers.get("Authorization") });
    return Response.json({});
  };
  return { asked, fetch };
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test("the client takes its URL and token from the environment; what is passed in wins", async () => {
  vi.stubEnv("PURGE_DESK_URL", "https://purge.shop.example/_purge/");
  vi.stubEnv("PURGE_DESK_TOKEN", "pd_environment");
  const { asked, fetch } = answering();
  await purgeDesk({ fetch }).budget();
  await purgeDesk({ fetch, url: "https://other.example", token: "pd_given" }).budget();
  expect(asked).toEqual([
    { url: "https://purge.shop.example/_purge/api/budget", authorization: "Bearer pd_environment" },
    { url: "https://other.example/api/budget", authorization: "Bearer pd_given" },
  ]);
});

test("the client reads the environment of Netlify where there is no process", async () => {
  const values = new Map([
    ["PURGE_DESK_URL", "https://purge.shop.example"],
    ["PURGE_DESK_TOKEN", "pd_there"],
  ]);
  vi.stubGlobal("Netlify", { env: { get: (setting: string) => values.get(setting) } });
  const { asked, fetch } = answering();
  await purgeDesk({ fetch }).budget();
  expect(asked).toEqual([{ url: "https://purge.shop.example/api/budget", authorization: "Bearer pd_there" }]);
});

test.each([
  ["no URL", { token: "pd_x" }],
  ["a URL without a scheme", { url: "purge.shop.example", token: "pd_x" }],
  ["a URL with credentials", { url: "https://me:secret@purge.shop.example", token: "pd_x" }],
  ["a URL with a query", { url: "https://purge.shop.example/?a=1", token: "pd_x" }],
  ["no token", { url: "https://purge.shop.example" }],
  ["a token with a line break", { url: "https://purge.shop.example", token: "pd_secret\n" }],
])("%s is refused when the client is made, by name and without the value", (_, options) => {
  const refused = expect(() => purgeDesk(options));
  refused.toThrow(expect.objectContaining({ code: "not-configured" }));
  refused.toThrow(/^PURGE_DESK_(URL|TOKEN) \(or (url|token)\) must be (?!.*secret)/);
});

test("the client is one module without imports, at most 5 kB gzipped", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ["src/client/client.ts"],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
  });
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  expect(gzipSync(outputFiles[0]?.contents ?? "").byteLength).toBeLessThanOrEqual(5_000);
});
