import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, transform } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { compose } from "../src/local/compose.ts";
import { type SimulatedImageKit, startSimulatedImageKit } from "../src/local/imagekit/simulated-imagekit.ts";
import { makeToken } from "../src/local/make-token.ts";
import { runLocal } from "../src/local/run-local.ts";

const functionModule = z.object({ default: z.custom<(request: Request) => Promise<Response>>() });
const uploadSecret = "known-to-the-cms-and-the-function";

let folder: string;
let imagekit: SimulatedImageKit;
let local: Awaited<ReturnType<typeof runLocal>>;
let storefront: (request: Request) => Promise<Response>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-readme-"));
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const { code: javascript } = await transform(code, { loader: "ts", format: "esm" });
  await writeFile(join(folder, "image-uploaded.mjs"), javascript);
  storefront = functionModule.parse(
    await import(pathToFileURL(join(folder, "image-uploaded.mjs")).href),
  ).default;

  imagekit = await startSimulatedImageKit();
  const { token, entry } = makeToken({ name: "storefront", scopes: ["purge"] });
  const admin = makeToken({ name: "operator", scopes: ["admin"] });
  local = await runLocal({
    env: { PORT: "0", PURGE_TOKENS: `${entry},${admin.entry}` },
    compose,
    startImageKit: async () => imagekit,
    onError: () => undefined,
  });
  vi.stubEnv("PURGE_DESK_URL", local.url);
  vi.stubEnv("PURGE_DESK_TOKEN", token);
  vi.stubEnv("UPLOAD_SECRET", uploadSecret);
  const profile = await fetch(`${local.url}/api/profiles/shop`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${admin.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ paths: ["/shop/"], endpoints: [image("")], transformations: ["tr:w-400"] }),
  });
  expect(profile.status).toBe(201);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await local?.close();
  await rm(folder, { recursive: true, force: true });
});

function upload(upload: unknown, authorization: string | undefined = `Bearer ${uploadSecret}`): Request {
  return new Request("https://shop.example/", {
    method: "POST",
    ...(authorization === undefined ? {} : { headers: { authorization } }),
    body: JSON.stringify(upload),
  });
}

const image = (path: string) => `https://ik.imagekit.io/demo/${path}`;
const arrivals = (url: string) => imagekit.control.byUrl().get(url)?.total ?? 0;

test("the README's storefront function purges every URL of an upload once, however often the hook fires", async () => {
  const shoe = { images: ["/shop/shoe.jpg"], version: "2026-11-23T18:00:00Z" };
  const answers = [await storefront(upload(shoe)), await storefront(upload(shoe))];
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
  expect(second.id).toBe(first.id);
  expect([arrivals(image("shop/shoe.jpg*")), arrivals(image("tr:w-400/shop/shoe.jpg*"))]).toEqual([1, 1]);
});

test.each([
  ["without a version", { images: ["/hat.jpg"] }, { images: ["/hat.jpg"] }],
  ["with another version", { images: ["/bag.jpg"], version: "1" }, { images: ["/bag.jpg"], version: "2" }],
])("the README's storefront function purges a second upload again, %s", async (_, first, second) => {
  const url = image(`${first.images[0]?.slice(1)}*`);
  expect((await storefront(upload(first))).status).toBe(202);
  expect(arrivals(url)).toBe(1);
  expect((await storefront(upload(second))).status).toBe(202);
  expect(arrivals(url)).toBe(2);
});

test.each([
  ["an umlaut", "Größe.jpg", "Gr%C3%B6%C3%9Fe.jpg*"],
  ["Chinese characters", "鞋子.jpg", "%E9%9E%8B%E5%AD%90.jpg*"],
  ["300 characters", `${"a".repeat(296)}.jpg`, `${"a".repeat(296)}.jpg*`],
])(
  "the README's storefront function purges a name with %s, with and without a version",
  async (_, name, sent) => {
    for (const version of ["2026-11-23T18:00:00Z", undefined]) {
      expect((await storefront(upload({ images: [`/${name}`], version }))).status).toBe(202);
    }
    expect(arrivals(image(sent))).toBe(2);
  },
);

test("the README's storefront function takes a version from a clock that runs ahead", async () => {
  const version = new Date(Date.now() + 3_600_000).toISOString();
  expect((await storefront(upload({ images: ["/ahead.jpg"], version }))).status).toBe(202);
});

test.each([
  ["nobody's", ""],
  ["another secret", "Bearer known-to-strangers"],
  ["the text of a missing secret", "Bearer undefined"],
])("the README's storefront function turns away a caller with %s", async (_, authorization) => {
  const answer = await storefront(upload({ images: ["/secret.jpg"] }, authorization));
  expect(answer.status).toBe(401);
  expect(arrivals(image("secret.jpg*"))).toBe(0);
});

test("without its secret the README's storefront function lets nobody in", async () => {
  vi.stubEnv("UPLOAD_SECRET", undefined);
  for (const authorization of ["Bearer undefined", "Bearer ", "Bearer"]) {
    expect((await storefront(upload({ images: ["/open.jpg"] }, authorization))).status).toBe(401);
  }
  vi.stubEnv("UPLOAD_SECRET", uploadSecret);
  expect(arrivals(image("open.jpg*"))).toBe(0);
});

test("the README's storefront function says when a purge was refused, and why", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  const answer = await storefront(upload({ images: ["https://elsewhere.example/shoe.jpg"] }));
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ code: "invalid-urls" });
  expect(log.mock.calls[0]).toEqual(["not purged:", expect.stringContaining("invalid-urls")]);
  log.mockRestore();
});

test("the README's example of the official SDK works with its two environment variables", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const code = /## Use the official SDK[\s\S]*?```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const outfile = join(folder, "official-sdk.mjs");
  const stdin = { contents: `${code}\nexport { status };`, resolveDir: import.meta.dirname };
  await build({ stdin, outfile, bundle: true, format: "esm", platform: "node", logLevel: "silent" });
  vi.stubEnv("IMAGE_KIT_BASE_URL", local.url);
  vi.stubEnv("IMAGEKIT_PRIVATE_KEY", process.env["PURGE_DESK_TOKEN"]);
  const before = arrivals(image("shoe.jpg"));
  expect(await import(pathToFileURL(outfile).href)).toMatchObject({ status: "Pending" });
  expect(arrivals(image("shoe.jpg"))).toBe(before + 1);
});
