import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { compose } from "../src/local/compose.ts";
import { type SimulatedImageKit, startSimulatedImageKit } from "../src/local/imagekit/simulated-imagekit.ts";
import { makeToken } from "../src/local/make-token.ts";
import { runLocal } from "../src/local/run-local.ts";

const functionModule = z.object({ default: z.custom<(request: Request) => Promise<Response>>() });

describe("the storefront function of the README", () => {
  let folder: string;
  let imagekit: SimulatedImageKit;
  let local: Awaited<ReturnType<typeof runLocal>>;
  let storefront: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "purge-desk-readme-"));
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(code.split("\n").length).toBeLessThanOrEqual(18);
    const { code: javascript } = await transform(code, { loader: "ts", format: "esm" });
    await writeFile(join(folder, "image-uploaded.mjs"), javascript);
    storefront = functionModule.parse(
      await import(pathToFileURL(join(folder, "image-uploaded.mjs")).href),
    ).default;

    imagekit = await startSimulatedImageKit();
    const { token, entry } = await makeToken({ name: "storefront", scopes: ["purge", "wildcard"] });
    local = await runLocal({
      env: { PORT: "0", PURGE_TOKENS: entry },
      compose,
      startImageKit: async () => imagekit,
      onError: () => undefined,
    });
    vi.stubEnv("PURGE_DESK_URL", local.url);
    vi.stubEnv("PURGE_DESK_TOKEN", token);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await local?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const upload = (path: string) =>
    new Request("https://shop.example/", {
      method: "POST",
      body: JSON.stringify({ url: `https://ik.imagekit.io/demo/${path}`, updatedAt: "2026-11-23T18:00:00Z" }),
    });

  test("purges the uploaded image once, however often the hook fires", async () => {
    const first = await storefront(upload("shoe.jpg"));
    const second = await storefront(upload("shoe.jpg"));
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(await second.json()).toEqual(await first.json());
    expect(imagekit.control.byUrl().get("https://ik.imagekit.io/demo/shoe.jpg*")?.total).toBe(1);
  });

  test("says so when a purge was refused", async () => {
    await expect(storefront(upload("a b/../"))).rejects.toThrow(/not purged: .*invalid-urls/);
  });
});
