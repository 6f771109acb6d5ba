import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

/**
 * The command line, next to the packages that package.json declares. What a command imports only when it runs is a module
 * of its own: the ledger's code and Zod take longer to load than most commands to run. Returns its path.
 */
export async function bundleCommandLine(outdir: string): Promise<string> {
  await esbuild.build({
    ...common,
    outdir,
    entryPoints: { "purge-desk": join(root, "src/command-line/main.ts") },
    platform: "node",
    target: "node20",
    packages: "external",
    splitting: true,
    chunkNames: "command-line/[name]-[hash]",
    banner: { js: "#!/usr/bin/env node" },
  });
  const file = join(outdir, "purge-desk.js");
  await chmod(file, 0o755);
  return file;
}

/** The declarations of what users import, and of what these refer to, below `types/`. */
export async function writeDeclarations(outdir: string): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), "purge-desk-types-"));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const project = join(root, "src/build/package.tsconfig.json");
  await promisify(execFile)(process.execPath, [compiler, "--project", project, "--outDir", all]);
  const copied = new Set<string>();
  const copy = async (path: string): Promise<void> => {
    if (copied.has(path)) return;
    copied.add(path);
    const text = await readFile(join(all, path), "utf8");
    const to = join(outdir, "types", path);
    await mkdir(dirname(to), { recursive: true });
    // In a package, imports name what is there.
    await writeFile(to, text.replaceAll(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.js"'));
    for (const [, imported = ""] of text.matchAll(/(?:from |import\()"(\.[^"]*)\.ts"/g)) {
      await copy(join(dirname(path), `${imported}.d.ts`));
    }
  };
  for (const path of ["client/client.d.ts", "netlify/netlify.d.ts"]) await copy(path);
  await rm(all, { recursive: true });
}
