import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";

export type Bundle = {
  readonly name: string;
  readonly bytes: number;
  /** The bytes that each source file contributes, largest first. */
  readonly parts: readonly { readonly file: string; readonly bytes: number }[];
};

/**
 * Bundles each function into one minified module without further imports. The output is ESM and keeps
 * `export const config`, because Netlify reads schedule and path from it without running the function.
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

/** Bundles each entry into one module with the same name and the extension `.mjs`. */
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
    // A single character beyond Latin-1 would make V8 store and parse the whole file in two bytes a character: a third slower.
    charset: "ascii",
    // Packages with a `netlify` condition then use web APIs instead of loading node:crypto.
    conditions: ["netlify", "module"],
    legalComments: "none",
    plugins: [jsonAsText],
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

/**
 * A JSON document as a text that is parsed when it is asked for. Written as an object it would be read with the rest of the
 * module, and the OpenAPI document alone makes a cold function's first answer wait 5 ms.
 */
const jsonAsText: esbuild.Plugin = {
  name: "json-as-text",
  setup(build) {
    build.onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, "utf8")));
      return { loader: "js", contents: `export default JSON.parse(${JSON.stringify(text)});` };
    });
  },
};
