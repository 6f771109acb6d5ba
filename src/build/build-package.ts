import { rm } from "node:fs/promises";
import { bundleBuildPlugin, bundleMountedFunctions, writePagesFiles } from "./package-netlify.ts";
import { bundleClient, bundleCommandLine, writeDeclarations } from "./package-parts.ts";

/** Builds everything that the npm package has below dist/package, and removes what was there. */
export async function buildPackage(outdir: string): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await bundleClient(outdir);
  await bundleCommandLine(outdir);
  await bundleMountedFunctions(outdir);
  await bundleBuildPlugin(outdir);
  await writePagesFiles(outdir);
  await writeDeclarations(outdir);
}
