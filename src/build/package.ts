/** `npm pack` (prepack): builds what the npm package has, into dist/package. */

import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleBuildPlugin, bundleMountedFunctions, writePagesFiles } from "./package-netlify.ts";
import { bundleClient, bundleCommandLine, writeDeclarations } from "./package-parts.ts";

const outdir = fileURLToPath(new URL("../../dist/package/", import.meta.url));

await rm(outdir, { recursive: true, force: true });
await bundleClient(outdir);
await bundleCommandLine(outdir);
await bundleMountedFunctions(outdir);
await bundleBuildPlugin(outdir);
await writePagesFiles(outdir);
await writeDeclarations(outdir);
