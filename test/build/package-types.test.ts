// @module-tag slow

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { tokens } from "../support/app.ts";
import { openPackageProject, type PackageProject, patientMs } from "../support/packed-package.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

let served: ServedDesk;
/** In strict TypeScript, as ESM, with Netlify's types. */
let shop: PackageProject;

beforeAll(async () => {
  served = await serveDesk();
  const beside = ["@imagekit/nodejs", "@netlify/functions", "@netlify/types", "@types/node", "undici-types"];
  shop = await openPackageProject({ manifest: { type: "module" }, beside });
}, patientMs);
beforeEach(() => rm(join(shop.project, "src"), { recursive: true, force: true }));
afterAll(async () => {
  await served?.close();
  await shop?.close();
});

async function write(path: string, code: string): Promise<void> {
  const file = join(shop.project, "src", path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}

/** Compiles what the project has. Throws with the compiler's words. */
async function compile(options: Readonly<Record<string, unknown>>): Promise<void> {
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: "es2022",
    rootDir: "src",
    outDir: "out",
    ...options,
  };
  const settings = JSON.stringify({ compilerOptions, include: ["src"] });
  await writeFile(join(shop.project, "tsconfig.json"), settings);
  await shop.run(process.execPath, [compiler, "--project", "."]).catch((error: unknown) => {
    throw new Error(z.object({ stdout: z.string() }).parse(error).stdout);
  });
}

const client = `import { type Batch, type Progress, PurgeDeskError, purgeDesk, throughPurgeDesk } from "purge-desk/client";
const desk = purgeDesk();
export async function main(signal: AbortSignal): Promise<boolean> {
  try {
    const submission = await desk.purge({ images: ["/typed.jpg"], changedAt: new Date() }, { key: "k", signal });
    const batches: readonly Batch[] = submission.batches;
    const progress: Progress = await desk.wait(batches[0]?.id ?? "", { timeoutMs: 0, onProgress: ({ completed }) => console.log(completed) });
    for await (const { url, state } of desk.purges({ state: "pending" })) console.log(url, state === "pending");
    return progress.cleared;
  } catch (error) {
    return error instanceof PurgeDeskError && error.code === "budget-exhausted";
  }
}
export const fetchOfSdk: typeof fetch = throughPurgeDesk(desk);
// @ts-expect-error: there is no such state
export const misspelt = () => desk.purges({ state: "pendng" });
// @ts-expect-error: there is no such field
export const misnamed = () => desk.purge({ url: "https://ik.imagekit.io/demo/a.jpg" });
// @ts-expect-error: a purge has no such code
export const wrong = (error: PurgeDeskError) => error.code === "budget-gone";
await main(new AbortController().signal);
`;

const functions = `import type { Config, Context } from "@netlify/functions";
import { api, type NetlifyFunction, pages, sweep } from "purge-desk/netlify";
type FunctionOfNetlify = (request: Request, context: Context) => Promise<Response>;
const mount = { basePath: "/_purge" };
export const mounted: readonly FunctionOfNetlify[] = [api(mount), pages(mount), sweep()];
const own: NetlifyFunction = api();
export default async (request: Request, context: Context) => own(request, context);
export const config: Config = { path: "/_purge/api/*", preferStatic: true };
export const scheduled: Config = { schedule: "* * * * *" };
// @ts-expect-error: it is called basePath
api({ path: "/_purge" });
`;

test("a strict ESM TypeScript project compiles with client and functions, wrong uses do not, and it purges", async () => {
  await write("client.ts", client);
  await write("functions.ts", functions);
  // Node's own types do not compile with exactOptionalPropertyTypes.
  await compile({ module: "nodenext", types: ["node"] });
  const env = { PURGE_DESK_URL: served.url, PURGE_DESK_TOKEN: tokens.purge };
  const { stdout } = await shop.run(process.execPath, ["out/client.js"], env);
  expect(stdout).toContain("https://ik.imagekit.io/demo/typed.jpg* true");
  expect(served.imagekit.purged).toEqual([JSON.stringify({ url: "https://ik.imagekit.io/demo/typed.jpg*" })]);
});

test("a project for a bundler, with the types of browsers instead of Node's, compiles with the client", async () => {
  await write("client.ts", client);
  await compile({
    module: "preserve",
    lib: ["es2022", "dom", "dom.asynciterable"],
    types: [],
    exactOptionalPropertyTypes: true,
    noEmit: true,
  });
});

test.each([
  ["Node's types", { module: "nodenext", lib: ["es2022"] }],
  ["a bundler and the types of browsers", { module: "preserve", lib: ["es2022", "dom", "dom.iterable"] }],
])("every TypeScript example of the documents compiles in a strict project with %s", async (_, options) => {
  await write(
    "session.ts",
    "export const isEditor = async (request: Request) => request.headers.has('Cookie');",
  );
  const written: string[] = [];
  for (const document of ["README.md", "RECIPES.md"]) {
    for (const [, path = "", code = ""] of (await shop.installed(document)).matchAll(examples)) {
      // For Node's types, an import names the file that is there.
      await write(path, options.module === "nodenext" ? code.replace('/session"', '/session.js"') : code);
      written.push(path);
    }
  }
  expect(written.length).toBeGreaterThan(5);
  // The SDK's own types do not compile without those of browsers.
  await compile({ ...options, types: ["node"], skipLibCheck: true, noEmit: true });
});

/** What stands in a code block, and the file for which it is. */
const examples = /```ts\n\/\/ (\S+)\n([\s\S]*?)```/g;
