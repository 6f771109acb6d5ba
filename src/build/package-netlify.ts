import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { buildAssets } from "./assets.ts";

const source = fileURLToPath(new URL("../netlify/", import.meta.url));

// As bundle.ts builds the functions of this repository.
const common: esbuild.BuildOptions = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20",
  charset: "ascii",
  conditions: ["netlify", "module"],
  legalComments: "none",
};

/** `purge-desk/netlify`: each function in files of its own, which load no other function's code. */
export async function bundleMountedFunctions(outdir: string): Promise<void> {
  await esbuild.build({
    ...common,
    entryPoints: { netlify: join(source, "netlify.ts") },
    outdir: join(outdir, "netlify"),
    splitting: true,
    chunkNames: "[name]-[hash]",
  });
}

/** The Netlify Build plugin: one module next to the manifest that Netlify looks for. */
export async function bundleBuildPlugin(outdir: string): Promise<void> {
  const to = join(outdir, "netlify-build-plugin");
  await esbuild.build({
    ...common,
    entryPoints: { index: join(source, "build-plugin/index.ts") },
    outdir: to,
  });
  await copyFile(join(source, "build-plugin/manifest.yml"), join(to, "manifest.yml"));
}

/** What `purge-desk assets` copies into a site. */
export async function writePagesFiles(outdir: string): Promise<void> {
  const to = join(outdir, "assets");
  await mkdir(to, { recursive: true });
  for (const { name, bytes } of await buildAssets()) await writeFile(join(to, name), bytes);
}
