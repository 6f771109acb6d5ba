import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";

export type Bundle = {
  readonly name: string;
  readonly bytes: number;
  /** Bytes that each source file brought, most first. */
  readonly parts: readonly { readonly file: string; readonly bytes: number }[];
};

/**
 * Bundles every function into one minified module that needs nothing else. ESM with
 * `export const config` kept, because Netlify reads schedule and path from it without running the function.
 */
export async function bundleFunctions(folders: {
  readonly from: string;
  readonly to: string;
}): Promise<readonly Bundle[]> {
  const entries = (await readdir(folders.from)).filter((file) => file.endsWith(".ts"));
  return bundleFiles(
    entries.map((file) => join(folders.from, file)),
    folders.to,
  );
}

/** Bundles these entries, each into one module of the same name that ends in `.mjs`. */
export async function bundleFiles(
  entryPoints: readonly string[],
  outdir: string,
): Promise<readonly Bundle[]> {
  const result = await esbuild.build({
    entryPoints: [...entryPoints],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // One character beyond Latin-1 would make the engine keep and parse the whole in two bytes: a third slower.
    charset: "ascii",
    // Packages that know Netlify use its web APIs there, instead of loading node:crypto.
    conditions: ["netlify", "module"],
    legalComments: "none",
    metafile: true,
  });
  return Object.entries(result.metafile.outputs).map(([file, output]) => ({
    name: basename(file, ".mjs"),
    bytes: output.bytes,
    parts: Object.entries(output.inputs)
      .map(([input, { bytesInOutput }]) => ({ file: input, bytes: bytesInOutput }))
      .sort((one, other) => other.bytes - one.bytes),
  }));
}
