/** Programs of this repository as modules for Node alone: tsx translates them anew at each start, for most of its time. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

export type BundledPrograms = {
  /** The module of a program, such as `token.ts`. */
  readonly file: (program: string) => string;
  readonly remove: () => Promise<void>;
};

/** Bundles programs of a folder of the sources, such as `src/local`. */
export async function bundlePrograms(folder: string, programs: readonly string[]): Promise<BundledPrograms> {
  await mkdir(join(root, "dist"), { recursive: true });
  const outdir = await mkdtemp(join(root, "dist/programs-"));
  await esbuild.build({
    entryPoints: programs.map((program) => join(root, folder, program)),
    outbase: join(root, folder),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
  });
  return {
    file: (program) => join(outdir, program.replace(/\.ts$/, ".mjs")),
    remove: () => rm(outdir, { recursive: true }),
  };
}
