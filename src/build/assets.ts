import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

/** A file that the dashboard's pages request below `/assets/`. */
export type Asset = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

const dashboard = new URL("../dashboard/", import.meta.url);

/** The dashboard's script and style, bundled and minified, and its icon. */
export async function buildAssets(): Promise<readonly Asset[]> {
  const { outputFiles } = await esbuild.build({
    entryPoints: {
      script: fileURLToPath(new URL("browser/main.ts", dashboard)),
      style: fileURLToPath(new URL("style/dashboard.css", dashboard)),
    },
    outdir: "assets",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome109", "firefox115", "safari16"],
    // These browsers support `\\p{…}`, each with its edition of Unicode; without this, esbuild rewrites each to `new RegExp`.
    supported: { "regexp-unicode-property-escapes": true },
    charset: "utf8",
    legalComments: "none",
  });
  const contentsOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.contents;
  return [
    { name: "dashboard.js", type: "text/javascript; charset=utf-8", bytes: contentsOf("script.js") ?? empty },
    { name: "dashboard.css", type: "text/css; charset=utf-8", bytes: contentsOf("style.css") ?? empty },
    { name: "icon.svg", type: "image/svg+xml", bytes: await readFile(new URL("style/icon.svg", dashboard)) },
  ];
}

const empty = new Uint8Array();
