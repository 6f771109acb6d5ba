/** The storefront of the smoke test: its folder, and its builds by Netlify's command line. */

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { packPackage } from "../support/packed-package.ts";
import { expectEqual, start } from "./netlify.ts";
import { addDeploy, addPublishImages } from "./storefront-outside.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));

/** The package as npm has it, in a copy of the storefront. It is packed beside that copy. */
export async function install(folder: string): Promise<void> {
  await cp(join(root, "test/fixtures/storefront"), folder, { recursive: true });
  const { tarball } = await packPackage(join(dirname(folder), "package"));
  await addDeploy(folder);
  await addPublishImages(folder);
  await run("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: folder });
  console.log("ok  the storefront has installed the package");
}

/** The same storefront without its functions, which builds in less time. */
export async function copyWithoutFunctions(folder: string, copy: string): Promise<void> {
  await mkdir(copy);
  for (const name of ["site", "plugins", "netlify.toml", "package.json"]) {
    await cp(join(folder, name), join(copy, name), { recursive: true });
  }
  await symlink(join(folder, "node_modules"), join(copy, "node_modules"));
}

/** Writes, renames and deletes images: content, the name of another image before, or nothing. */
export async function changeImages(
  folder: string,
  changes: Readonly<Record<string, string | { readonly was: string } | undefined>>,
): Promise<void> {
  const path = (name: string) => join(folder, "site/images", name);
  for (const [name, change] of Object.entries(changes)) {
    if (change === undefined) await rm(path(name));
    else if (typeof change === "string") await writeFile(path(name), change);
    else await rename(path(change.was), path(name));
  }
}

/** Sets the plugin's inputs besides its folder. */
export async function setInputs(folder: string, inputs: string): Promise<void> {
  const file = join(folder, "netlify.toml");
  const settings = await readFile(file, "utf8");
  await writeFile(file, settings.replace(/(folder = .+\n)(?: {4}.+\n)*/, `$1    ${inputs}\n`));
}

export async function manifestOf(folder: string): Promise<string> {
  return readFile(join(folder, "dist/purge-desk-images.json"), "utf8");
}

/** What Netlify says while it builds. Throws if it ends with another code. */
export async function build(
  name: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  { context = "production", code = 0 }: { readonly context?: string; readonly code?: number } = {},
): Promise<string> {
  const from = performance.now();
  const words = ["build", "--offline", "--context", context];
  const child = start(words, { ...env, DEPLOY_ID: randomBytes(12).toString("hex") }, folder);
  const output = child.stdout === null ? "" : text(child.stdout);
  const [ended] = await once(child, "exit");
  console.log(`    ${name}: built in ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  if (ended !== code) throw new Error(`the build ended with ${ended}:\n${await output}`);
  return output;
}

/** What Netlify has read from the storefront's functions. */
export async function expectFunctions(folder: string): Promise<void> {
  const pattern = z.array(z.object({ pattern: z.string() })).optional();
  const built = z.object({
    functions: z.array(
      z.object({
        name: z.string(),
        routes: pattern,
        excludedRoutes: pattern,
        schedule: z.string().optional(),
      }),
    ),
  });
  const { functions } = built.parse(
    JSON.parse(await readFile(join(folder, ".netlify/functions/manifest.json"), "utf8")),
  );
  const patterns = (found: z.output<typeof pattern>) => found?.map((each) => each.pattern) ?? [];
  const of = (name: string) => functions.find((each) => each.name === `purge-desk-${name}`);
  const apiPaths = ["/_purge/api/*", "/_purge/v1/*", "/_purge/v2/*"];
  expectEqual("Netlify has read the API's paths", patterns(of("api")?.routes), apiPaths);
  expectEqual("the pages' paths", patterns(of("pages")?.routes), ["/_purge", "/_purge/*"]);
  expectEqual("what they leave to the API", patterns(of("pages")?.excludedRoutes), apiPaths);
  expectEqual("and the sweep's schedule", of("sweep")?.schedule, "* * * * *");
}
