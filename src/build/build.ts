/**
 * `npm run build`: builds what Netlify deploys. A production build checks the settings first, so that a deploy that could
 * only answer `misconfigured` is never published.
 */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describeProblems } from "../config.ts";
import { buildAssets } from "./assets.ts";
import { bundleFunctions } from "./bundle.ts";
import { checkSettings } from "./check-settings.ts";
import { writeClientTypes } from "./client-types.ts";
import { writeLuaScripts } from "./lua-scripts.ts";
import { writeOpenApi } from "./write-openapi.ts";

const root = new URL("../../", import.meta.url);

async function build(): Promise<void> {
  const { problems, warnings } = checkSettings(process.env);
  for (const warning of warnings) console.error(`WARNING: ${warning}`);
  if (problems.length > 0) {
    console.error(describeProblems(problems));
    console.error("Set them in Netlify's UI (Project configuration, Environment variables) or with its CLI.");
    process.exitCode = 1;
    return;
  }
  // Not all of dist: the package, and the folders of tests, are made there too.
  for (const made of ["dist/functions", "dist/public"]) {
    await rm(new URL(made, root), { recursive: true, force: true });
  }
  await mkdir(new URL("dist/public/assets", root), { recursive: true });
  await writeLuaScripts();
  await writeOpenApi();
  await writeClientTypes();
  const bundles = await bundleFunctions({
    from: fileURLToPath(new URL("netlify/functions/", root)),
    to: fileURLToPath(new URL("dist/functions/", root)),
  });
  for (const { name, bytes } of bundles) printSize(name, bytes);
  for (const { name, bytes } of await buildAssets()) {
    await writeFile(new URL(`dist/public/assets/${name}`, root), bytes);
    printSize(name, bytes.byteLength);
  }
}

function printSize(name: string, bytes: number): void {
  console.log(`${name}  ${(bytes / 1000).toFixed(1)} kB`);
}

await build();
