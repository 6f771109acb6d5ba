import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { bundleClient } from "../src/build/package-parts.ts";
import { listen } from "../src/local/listen.ts";
import { tokens } from "./support/app.ts";
import { type ServedDesk, serveDesk } from "./support/served-desk.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const handler = z.custom<(request?: Request) => Promise<Response>>((value) => typeof value === "function");

let served: ServedDesk;
/** A project with the package, and every recipe in the file that its first line names. */
let project: string;
let recipes: string;

beforeAll(async () => {
  served = await serveDesk();
  await mkdir(join(root, "dist"), { recursive: true });
  project = await mkdtemp(join(root, "dist/recipes-"));
  // A package of its own: else "purge-desk/client" would mean this repository's own dist/package.
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "shop", type: "module" }));
  await bundleClient(join(project, "node_modules/purge-desk"));
  await writeFile(
    join(project, "node_modules/purge-desk/package.json"),
    JSON.stringify({ name: "purge-desk", type: "module", exports: { "./client": "./client.js" } }),
  );
  recipes = await readFile(join(root, "RECIPES.md"), "utf8");
  await writeFile(join(project, "session.ts"), "export const isEditor = async () => true;\n");
  for (const [, path = "", code = ""] of recipes.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), code);
  }
});
beforeEach(async () => {
  await served.reset();
  vi.stubEnv("PURGE_DESK_URL", served.url);
  vi.stubEnv("PURGE_DESK_TOKEN", tokens.purge);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await served?.close();
  if (project) await rm(project, { recursive: true, force: true });
});

const purged = () => served.imagekit.purged.map((body): string => JSON.parse(body).url);
const wildcard = (path: string) => `https://ik.imagekit.io/demo${path}*`;

/** The recipe's module, as a bundler would make it. */
async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  const outfile = join(project, `${path}.mjs`);
  await build({ entryPoints: [join(project, path)], outfile, bundle: true, format: "esm", platform: "node" });
  return import(pathToFileURL(outfile).href);
}

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  new Request("https://shop.example/", { method: "POST", headers, body: JSON.stringify(body) });

test("the recipe for an upload purges its image once, however often the upload is reported", async () => {
  vi.stubEnv("UPLOAD_SECRET", "known");
  const replaced = handler.parse((await load("netlify/functions/image-replaced.ts"))["default"]);
  const upload = () => post({ image: "/a.jpg", version: 7 }, { Authorization: "Bearer known" });
  expect((await replaced(post({ image: "/a.jpg" }))).status).toBe(401);
  const first = await replaced(upload());
  expect(first.status).toBe(202);
  expect(await (await replaced(upload())).json()).toEqual(await first.json());
  expect(purged()).toEqual([wildcard("/a.jpg")]);
});

test("the recipe for Next.js purges, and passes on what is wrong with a line", async () => {
  const route = handler.parse((await load("app/api/purge/route.ts"))["POST"]);
  expect(await (await route(post({ images: ["/b.jpg"] }))).json()).toMatchObject({ units: 1 });
  expect(purged()).toEqual([wildcard("/b.jpg")]);
  const refused = await route(post({ images: ["/folder/"] }));
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ code: "invalid-urls", lines: [{ verdict: "rejected" }] });
});

test("the recipe for a CMS takes signed webhooks only, and saves within a minute share a purge", async () => {
  vi.stubEnv("CMS_WEBHOOK_SECRET", "shared");
  const webhook = handler.parse((await load("netlify/functions/cms-webhook.ts"))["default"]);
  const deliver = (deliveryId: string) => {
    const body = { deliveryId, entry: { title: "Shoe", images: ["/c.jpg"] } };
    const signature = createHmac("sha256", "shared").update(JSON.stringify(body)).digest("hex");
    return webhook(post(body, { "X-Signature": signature }));
  };
  expect((await webhook(post({ deliveryId: "x" }, { "X-Signature": "wrong" }))).status).toBe(401);
  for (const id of ["1", "2", "2"]) expect((await deliver(id)).status).toBe(202);
  const { body } = await served.call("/api/purges", { token: tokens.read });
  expect(body.purges).toMatchObject([{ url: wildcard("/c.jpg"), state: "queued" }]);
});

test("the nightly recipe purges what changed on the day before, once, and leaves bad lines out", async () => {
  const feed = [
    { image: "/first.jpg", updatedAt: "2026-03-01T00:00:00.000Z" },
    { image: "/last.jpg", updatedAt: "2026-03-01T23:59:59.999Z" },
    { image: "/folder/", updatedAt: "2026-03-01T12:00:00Z" },
    // The day before ends and begins at UTC's midnight, whatever the shop's time zone.
    { image: "/too-late.jpg", updatedAt: "2026-03-02T01:00:00+01:00" },
    { image: "/too-early.jpg", updatedAt: "2026-03-01T00:30:00+01:00" },
  ];
  const server = await listen({ port: 0, fetch: () => Response.json(feed), onError: () => undefined });
  vi.stubEnv("FEED_URL", server.url);
  const nightly = await load("netlify/functions/nightly-purge.ts");
  const run = handler.parse(nightly["default"]);
  const purgedAt = async (now: string) => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date(now) });
    await run().finally(() => vi.useRealTimers());
    return purged().sort();
  };
  const day1 = ["/first.jpg", "/last.jpg"].map(wildcard);
  // The first night begins late. Its second run sends the same, although the feed has a new change by then.
  expect(await purgedAt("2026-03-02T03:00:30Z")).toEqual(day1);
  feed.push({ image: "/seam.jpg", updatedAt: "2026-03-02T03:00:45Z" });
  expect(await purgedAt("2026-03-02T03:01:00Z")).toEqual(day1);
  const both = [...day1, ...["/seam.jpg", "/too-late.jpg"].map(wildcard)].sort();
  expect(await purgedAt("2026-03-03T03:01:00Z")).toEqual(both);
  await server.close();
  expect(nightly["config"]).toEqual({ schedule: "0 3 * * *" });
});

test("the recipe for ImageKit's SDK purges through Purge Desk", async () => {
  vi.stubEnv("IMAGEKIT_PRIVATE_KEY", "private_real");
  const { imagekit } = await load("lib/imagekit.ts");
  const sdk = z.object({ cache: z.object({ invalidation: z.custom<{ create: Create }>() }) }).parse(imagekit);
  const { requestId } = await sdk.cache.invalidation.create({ url: wildcard("/d.jpg").slice(0, -1) });
  expect(requestId).toMatch(/^b_/);
  expect(purged()).toEqual(["https://ik.imagekit.io/demo/d.jpg"]);
});

type Create = (body: { readonly url: string }) => Promise<{ readonly requestId: string }>;
