import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { bundleMountedFunctions } from "../../src/build/package-netlify.ts";
import { api, pages, sweep } from "../../src/netlify/netlify.ts";
import { environmentOfTests } from "../support/app.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function setSettings(): void {
  const secret = { PURGE_SESSION_SECRET: "a secret of the tests, long enough" };
  for (const [name, value] of Object.entries({ ...environmentOfTests, ...secret })) vi.stubEnv(name, value);
}

function get(path: string): Request {
  return new Request(`https://shop.example${path}`, { headers: { Accept: "text/html" } });
}

describe("below a base path", () => {
  test("the API answers with the addresses of its routes", async () => {
    setSettings();
    const answer = await api({ basePath: "/_purge" })(get("/_purge/api/openapi.json"), {});
    expect([answer.status, (await answer.json()).servers]).toEqual([200, [{ url: "/_purge" }]]);
  });

  test("the pages answer, and their files are those of the site", async () => {
    setSettings();
    const answer = await pages({ basePath: "/_purge/" })(get("/_purge/sign-in"), {});
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('src="/_purge/assets/dashboard.js"');
  });
});

describe.each(["/", "/_purge"])("with wrong settings at %s", (basePath) => {
  test.each([
    ["api", "POST", "/v1/files/purge", /"message":"The service is not configured\."/],
    ["api", "GET", `/v1/files/purge/${"0".repeat(24)}`, /"message":"The service is not configured\."/],
    ["api", "POST", "/api/purges", /"code":"misconfigured"/],
    ["pages", "GET", "/purges", /"code":"misconfigured"/],
  ] as const)(
    `with wrong settings, the %s function at ${basePath} answers %s %s in the shape of the path's own API`,
    async (name, method, path, words) => {
      setSettings();
      vi.stubEnv("PURGE_TOKENS", "");
      const log = vi.spyOn(console, "log").mockReturnValue();
      const request = new Request(`https://shop.example${basePath.replace(/\/$/, "")}${path}`, { method });
      const answer = await { api, pages }[name]({ basePath })(request, {});
      expect([answer.status, await answer.text()]).toEqual([503, expect.stringMatching(words)]);
      expect(log.mock.calls.join("\n")).toContain("PURGE_TOKENS");
    },
  );
});

test("a sweep whose ledger does not answer says so to the platform", async () => {
  setSettings();
  const log = vi.spyOn(console, "log").mockReturnValue();
  const answer = await sweep()(new Request("https://shop.example/", { method: "POST" }), {});
  expect(answer.status).toBe(503);
  expect(log.mock.calls.join("\n")).toContain("ledger-unavailable");
});

test.each([
  "_purge",
  "//_purge",
  "/_purge//x",
  "/../x",
  "/.",
  "/a b",
  "/a?b",
  "/a*",
  "https://shop.example/_purge",
  `/${"x".repeat(100)}`,
])("the base path %j is refused when the function loads, and the error says what would pass", (basePath) => {
  for (const mount of [api, pages]) {
    expect(() => mount({ basePath })).toThrow(/basePath must be a path such as "\/_purge"/);
  }
});

describe("in the package", () => {
  let folder = "";
  const files = new Map<string, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "purge-desk-"));
    await bundleMountedFunctions(folder);
    for (const name of await readdir(join(folder, "netlify"))) {
      files.set(name, await readFile(join(folder, "netlify", name), "utf8"));
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** The code that is loaded with the file whose name begins so. */
  function loadedWith(beginning: string): string {
    const loaded = new Set([...files.keys()].filter((name) => name.startsWith(beginning)));
    for (const name of loaded) {
      for (const [, next = ""] of (files.get(name) ?? "").matchAll(/(?:from|import)"\.\/([^"]+)"/g))
        loaded.add(next);
    }
    return [...loaded].map((name) => files.get(name)).join("\n");
  }

  test("each function loads only its own code", () => {
    const dashboard = "/assets/dashboard.css";
    expect(loadedWith("pages-")).toContain(dashboard);
    expect(loadedWith("netlify.js").length).toBeLessThan(2_000);
    for (const name of ["api-", "sweep-"]) expect(loadedWith(name)).not.toContain(dashboard);
    expect(loadedWith("sweep-")).not.toContain("/api/purges");
    expect(loadedWith("api-")).toContain("/api/purges");
  });

  test("the built module answers as the source does", async () => {
    setSettings();
    const built = await import(join(folder, "netlify/netlify.js"));
    const answer = await built.api({ basePath: "/_purge" })(get("/_purge/api/openapi.json"), {});
    expect((await answer.json()).servers).toEqual([{ url: "/_purge" }]);
  });
});
