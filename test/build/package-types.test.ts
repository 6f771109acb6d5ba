// @module-tag slow

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { tokens } from "../support/app.ts";
import { installPackage, packPackage } from "../support/packed-package.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const run = promisify(execFile);
const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

let served: ServedDesk;
let folder: string;
/** An empty ESM project in strict TypeScript, with Netlify's types and the package. */
let project: string;

beforeAll(async () => {
  served = await serveDesk();
  folder = await mkdtemp(join(tmpdir(), "purge-desk-types-"));
  project = join(folder, "project");
  const { tarball } = await packPackage(folder);
  const beside = ["@netlify/functions", "@netlify/types", "@types/node", "undici-types"];
  await installPackage(project, tarball, { manifest: { type: "module" }, beside });
  // Packs, compiles and installs: minutes on a busy machine.
}, 600_000);
afterAll(async () => {
  await served?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Compiles what the project has. Throws with the compiler's words. */
async function compile(options: Readonly<Record<string, unknown>>): Promise<void> {
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: "es2022",
    outDir: "out",
    ...options,
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  await run(process.execPath, [compiler, "--project", "."], { cwd: project }).catch((error: unknown) => {
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
  await writeFile(join(project, "client.ts"), client);
  await writeFile(join(project, "functions.ts"), functions);
  // Node's own types do not compile with exactOptionalPropertyTypes.
  await compile({ module: "nodenext", types: ["node"] });
  const env = { PURGE_DESK_URL: served.url, PURGE_DESK_TOKEN: tokens.purge };
  const { stdout } = await run(process.execPath, ["out/client.js"], { cwd: project, env });
  expect(stdout).toContain("https://ik.imagekit.io/demo/typed.jpg* true");
  expect(served.imagekit.purged).toEqual([JSON.stringify({ url: "https://ik.imagekit.io/demo/typed.jpg*" })]);
});

test("a project for a bundler, with the types of browsers instead of Node's, compiles with the client", async () => {
  await rm(join(project, "functions.ts"), { force: true });
  await writeFile(join(project, "client.ts"), client);
  await compile({
    module: "preserve",
    lib: ["es2022", "dom", "dom.asynciterable"],
    types: [],
    exactOptionalPropertyTypes: true,
    noEmit: true,
  });
});
