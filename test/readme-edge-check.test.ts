import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { type Listening, listen } from "../src/local/listen.ts";
import { startApp, type TestApp, tokens } from "./support/app.ts";
import { movingClock, simpleCdn } from "./support/simple-cdn.ts";

const example = z.object({
  notProvenFresh: z.custom<(batchId: string) => Promise<readonly string[]>>(),
});
const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const time = { now: Date.parse("2026-11-15T12:00:00Z") };
const cdn = simpleCdn(time);

let folder: string;
let desk: TestApp;
let server: Listening;
let notProvenFresh: (batchId: string) => Promise<readonly string[]>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-readme-"));
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  const code = blocks.find((block) => block.includes("notProvenFresh")) ?? "";
  const { code: javascript } = await transform(code, { loader: "ts", format: "esm" });
  await writeFile(join(folder, "example.mjs"), javascript);
  ({ notProvenFresh } = example.parse(await import(pathToFileURL(join(folder, "example.mjs")).href)));

  desk = await startApp({ env: { PURGE_EDGE_CHECK: "on" }, clock: movingClock(time), time });
  desk.imagekit.answer = (request) => cdn.answer(request);
  server = await listen({
    fetch: (request, platform) => desk.app.fetch(request, platform),
    port: 0,
    onError: () => {},
  });
  vi.stubEnv("PURGE_DESK_URL", server.url);
  vi.stubEnv("PURGE_DESK_TOKEN", tokens.purge);
});
beforeEach(() => cdn.restart());
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  await desk?.close();
  await rm(folder, { recursive: true, force: true });
});

async function submit(more: object = {}): Promise<string> {
  time.now += 60_000;
  const json = { urls: [shoe], changedAt: new Date(time.now).toISOString(), ...more };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
  return body.id;
}

test("the README's function for the edge check says nothing of a new image that is served", async () => {
  cdn.etag = "new";
  expect(await notProvenFresh(await submit())).toEqual([]);
});

test("the README's function for the edge check waits until a stale copy is certain, and says what to do", async () => {
  cdn.clears = false;
  const [said] = await notProvenFresh(await submit());
  expect(said).toMatch(/shoe\.jpg: The old copy is still served: .* Purge again/);
});

test("the README's function for the edge check says that an image was purged before its upload", async () => {
  const [said] = await notProvenFresh(await submit());
  expect(said).toMatch(/the same as before the purge\. Check that the new image was uploaded/);
});

test("the README's function for the edge check names a purge that ImageKit refused", async () => {
  desk.imagekit.answer = (request) =>
    request.method === "POST"
      ? Response.json({ message: "The URL is not valid for cache purging.", help: "" }, { status: 400 })
      : cdn.answer(request);
  const batchId = await submit();
  desk.imagekit.answer = (request) => cdn.answer(request);
  expect(await notProvenFresh(batchId)).toEqual([`${shoe}: refused`]);
});

test("the README's function for the edge check ends at once for a purge that is not checked", async () => {
  expect(await notProvenFresh(await submit({ check: false }))).toEqual([]);
});
