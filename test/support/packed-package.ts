/** The package as npm packs it, and projects that have installed it: without the network, and beside the working tree. */

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { buildPackage } from "../../src/build/build-package.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
/** What a package never has, or what is built anew. */
const left = /^(?:node_modules|dist|artifacts|coverage|\.[^/]*)(?:\/|$)/;
const packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ dependencies: z.record(z.string(), z.string()).default({}) }).partial(),
  ),
});

export type PackedPackage = {
  readonly tarball: string;
  /** Paths of the files in it, in order. */
  readonly files: readonly string[];
  /** What it was packed from: a copy of the sources, with a dist/package of its own. */
  readonly source: string;
};

/** What an empty project has besides the package. */
type ProjectOptions = { readonly manifest?: object; readonly beside?: readonly string[] };

export type PackageProject = {
  /** An empty project into which the package was installed. */
  readonly project: string;
  readonly packed: PackedPackage;
  /** A file of the installed package. */
  readonly installed: (path: string) => Promise<string>;
  /** Runs a program in the project. */
  readonly run: (
    file: string,
    words: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => Promise<{ readonly stdout: string; readonly stderr: string }>;
  readonly close: () => Promise<void>;
};

/** Packs, compiles and installs: minutes on a busy machine. */
export const patientMs = 600_000;

export async function openPackageProject(options?: ProjectOptions): Promise<PackageProject> {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-package-"));
  const project = join(folder, "project");
  const packed = await packPackage(folder);
  await installPackage(project, packed.tarball, options);
  return {
    project,
    packed,
    installed: (path) => readFile(join(project, "node_modules/purge-desk", path), "utf8"),
    run: (file, words, env = process.env) => run(file, [...words], { cwd: project, env }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function packPackage(folder: string): Promise<PackedPackage> {
  const source = join(folder, "source");
  await cp(root, source, { recursive: true, filter: (path) => !left.test(relative(root, path)) });
  await buildPackage(join(source, "dist/package"));
  const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", words, { cwd: source });
  const [{ filename, files }] = packed.parse(JSON.parse(stdout));
  return { tarball: join(folder, filename), files: files.map(({ path }) => path).sort(), source };
}

/**
 * Installs the tarball, and packages of this repository beside it, into a project. The package's own dependencies are linked
 * to the ones here; what it does not declare is not there.
 */
async function installPackage(
  project: string,
  tarball: string,
  { manifest = {}, beside = [] }: ProjectOptions = {},
): Promise<void> {
  const dependencies = Object.fromEntries(beside.map((name) => [name, linked(name)]));
  const overrides = Object.fromEntries((await dependenciesOfPackage()).map((name) => [name, linked(name)]));
  const all = { "purge-desk": `file:${tarball}`, ...dependencies };
  await mkdir(project, { recursive: true });
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "shop", private: true, ...manifest, dependencies: all, overrides }),
  );
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund"], { cwd: project });
}

function linked(name: string): string {
  return `file:${join(root, "node_modules", name)}`;
}

/** Names of what the package needs, and of what that needs. */
async function dependenciesOfPackage(): Promise<readonly string[]> {
  const { packages } = lockfile.parse(JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")));
  const found = new Set<string>();
  const visit = (path: string): void => {
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      if (found.has(name)) continue;
      found.add(name);
      visit(`node_modules/${name}`);
    }
  };
  visit("");
  return [...found];
}
