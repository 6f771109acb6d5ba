// @module-tag slow

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { tokens } from "../support/app.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

let served: ServedDesk;
let folder: string;
/** An empty project into which the package was installed. */
let project: string;
let files: readonly string[];

beforeAll(async () => {
  served = await serveDesk();
  folder = await mkdtemp(join(tmpdir(), "purge-desk-package-"));
  project = join(folder, "project");
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root });
  const [{ filename, files: listed }] = packed.parse(JSON.parse(stdout.slice(stdout.indexOf("[\n"))));
  files = listed.map(({ path }) => path).sort();
  await mkdir(project);
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "shop", type: "module", private: true }),
  );
  await run("npm", ["install", "--no-audit", "--no-fund", join(folder, filename)], { cwd: project });
  // Packs, compiles and installs: minutes on a busy machine.
}, 600_000);
afterAll(async () => {
  await served?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const installed = (path: string) => readFile(join(project, "node_modules/purge-desk", path), "utf8");
const env = () => ({
  PATH: process.env["PATH"] ?? "",
  PURGE_DESK_URL: served.url,
  PURGE_DESK_TOKEN: tokens.purge,
});
const command = (words: readonly string[]) =>
  run(join(project, "node_modules/.bin/purge-desk"), [...words], { cwd: project, env: env() });

/** The name of a part of a bundle, which changes with its content. */
function withoutHash(path: string): string {
  return path.replace(/-[A-Z0-9]{8}\.js$/, "-*.js");
}

function withoutComments(text: string): string {
  return text.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "");
}

test("the package's public surface is what package-surface.md lists (vitest -u writes it)", async () => {
  const manifest = z
    .object({ exports: z.record(z.string(), z.unknown()), bin: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await installed("package.json")));
  const script = 'console.log(Object.keys(await import("purge-desk/client")).sort().join("\\n"))';
  const { stdout: names } = await run(process.execPath, ["--input-type=module", "-e", script], {
    cwd: project,
  });
  const declared = files.filter((path) => /types\/(?:client|netlify)\/(?!generated).*\.d\.ts$/.test(path));
  const declarations: string[] = [];
  for (const path of declared) declarations.push(`// ${path}\n${withoutComments(await installed(path))}`);
  const commands = [
    "plan",
    "purge",
    "wait",
    "status",
    "budget",
    "profiles",
    "token",
    "doctor",
    "export",
    "import",
    "assets",
  ];
  const helps: string[] = [];
  for (const name of commands) helps.push((await command([name, "--help"])).stdout.trim());
  const section = (title: string, text: string) => `## ${title}\n\n\`\`\`text\n${text.trim()}\n\`\`\`\n`;
  const surface = [
    "# What the package `purge-desk` gives to those who install it\n",
    section("Files", [...new Set(files.map(withoutHash))].join("\n")),
    section("Entries", [...Object.keys(manifest.exports), ...Object.keys(manifest.bin)].join("\n")),
    section("Values of purge-desk/client", names),
    section("Declarations", declarations.join("\n")),
    section("Commands", helps.join("\n\n")),
  ];
  await expect(surface.join("\n")).toMatchFileSnapshot("package-surface.md");
});

test("the package has no test, no simulator, no source map, no path of this machine and no secret", async () => {
  expect(
    files.filter((path) => !/^(dist\/package\/|README\.md$|LICENSE$|package\.json$)/.test(path)),
  ).toEqual([]);
  expect(files.filter((path) => /\.map$|\.test\.|simulat/.test(path))).toEqual([]);
  for (const path of files) {
    const text = await installed(path);
    expect(text, path).not.toContain(root.replace(/\/$/, ""));
    expect(text, path).not.toContain(homedir() === "/" ? "sourceMappingURL" : `${homedir()}/`);
    expect(text, path).not.toMatch(/sourceMappingURL|SimulatedImageKit|private_[a-z0-9]{8}/);
  }
});

test("the installed client is at most 5 kB gzipped", async () => {
  expect(gzipSync(await installed("dist/package/client.js")).byteLength).toBeLessThanOrEqual(5_000);
});

test("an empty ESM project in plain JavaScript purges with the installed client", async () => {
  const file = join(project, "purge.js");
  await writeFile(
    file,
    `import { purgeDesk } from "purge-desk/client";
     const { units } = await purgeDesk().purge({ urls: ["https://ik.imagekit.io/demo/installed.jpg"] });
     console.log(units);`,
  );
  const { stdout } = await run(process.execPath, [file], { cwd: project, env: env() });
  expect(stdout).toBe("1\n");
  expect(served.imagekit.purged).toContain('{"url":"https://ik.imagekit.io/demo/installed.jpg"}');
});

test("the installed command plans", async () => {
  const { stdout } = await command(["plan", "/installed-too.jpg"]);
  expect(stdout).toContain("1 unit;");
});

test("the installed command writes the dashboard's files below a base path", async () => {
  const { stdout } = await command(["assets", "public/_purge"]);
  const names = ["dashboard.css", "dashboard.js", "icon.svg"];
  expect(stdout.trim().split("\n")).toEqual(names.map((name) => join("public/_purge/assets", name)));
  for (const name of names) {
    const written = await readFile(join(project, "public/_purge/assets", name), "utf8");
    expect(written).toBe(await installed(`dist/package/assets/${name}`));
  }
});

test.each([["NodeNext"], ["Preserve"]])(
  "an empty TypeScript project with strict and module %s has the client's types, and wrong uses do not compile",
  async (module) => {
    const file = join(project, "use.ts");
    await writeFile(
      file,
      `import { type Batch, type Progress, PurgeDeskError, purgeDesk, throughPurgeDesk } from "purge-desk/client";
       const desk = purgeDesk({ url: "https://purge.shop.example", token: "pd_x" });
       export async function main(signal: AbortSignal): Promise<boolean> {
         try {
           const submission = await desk.purge({ images: ["/a.jpg"], changedAt: new Date() }, { key: "k", signal });
           const batches: readonly Batch[] = submission.batches;
           const progress: Progress = await desk.wait(batches[0]?.id ?? "", { onProgress: ({ completed }) => console.log(completed) });
           for await (const { url, state } of desk.purges({ state: "pending" })) console.log(url, state === "pending");
           return progress.cleared;
         } catch (error) {
           return error instanceof PurgeDeskError && error.code === "budget-exhausted";
         }
       }
       export const fetchOfSdk: typeof fetch = throughPurgeDesk(desk);
       // @ts-expect-error: there is no such state
       desk.purges({ state: "pendng" });
       // @ts-expect-error: there is no such field
       desk.purge({ url: "https://ik.imagekit.io/demo/a.jpg" });
       // @ts-expect-error: a purge has no such code
       export const wrong = (error: PurgeDeskError) => error.code === "budget-gone";`,
    );
    const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false"];
    const target = ["--module", module, "--target", "es2023", "--lib", "es2023,dom,dom.asynciterable"];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const types = ["--types", "", "--ignoreConfig"];
    await run(process.execPath, [compiler, ...flags, ...target, ...types, file], { cwd: project }).catch(
      (error: unknown) => {
        throw new Error(z.object({ stdout: z.string() }).parse(error).stdout);
      },
    );
  },
);

test("npm publish would send the package as it was packed", async () => {
  const { stdout, stderr } = await run(
    "npm",
    ["publish", "--dry-run", "--ignore-scripts", "--loglevel=notice"],
    { cwd: root },
  );
  expect(stdout + stderr).toMatch(/\+ purge-desk@\d/);
});
