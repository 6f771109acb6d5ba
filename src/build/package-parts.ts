import { execFile } from "node:child_process";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

// No source maps: they would name the files of this machine.
const common = { bundle: true, format: "esm", legalComments: "none" } as const;

/** The client as one module without imports. */
export async function bundleClient(outdir: string): Promise<void> {
  await esbuild.build({
    ...common,
    outdir,
    entryPoints: { client: join(root, "src/client/client.ts") },
    platform: "neutral",
    target: "es2022",
    minify: true,
  });
}

/** The command line as one module, next to the packages that package.json declares. Returns its path. */
export async function bundleCommandLine(outdir: string): Promise<string> {
  await esbuild.build({
    ...common,
    outdir,
    entryPoints: { "purge-desk": join(root, "src/command-line/main.ts") },
    platform: "node",
    target: "node20",
    packages: "external",
    banner: { js: "#!/usr/bin/env node" },
  });
  const file = join(outdir, "purge-desk.js");
  await chmod(file, 0o755);
  return file;
}

/** The declarations of the client, and of what they refer to, below `types/`. */
export async function writeDeclarations(outdir: string): Promise<void> {
  const types = join(outdir, "types");
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const project = join(root, "src/build/package.tsconfig.json");
  await promisify(execFile)(process.execPath, [compiler, "--project", project, "--outDir", types]);
  for (const path of await readdir(types, { recursive: true })) {
    if (!path.endsWith(".d.ts")) continue;
    const text = await readFile(join(types, path), "utf8");
    // In a package, imports name what is there.
    await writeFile(join(types, path), text.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
}
