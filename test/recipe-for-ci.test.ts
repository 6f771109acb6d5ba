// @module-tag slow

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bundleCommandLine } from "../src/build/package-parts.ts";
import { tokens } from "./support/app.ts";
import { type ServedDesk, serveDesk } from "./support/served-desk.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../", import.meta.url));
const time = { now: Date.now() };

let served: ServedDesk;
let folder: string;
/** The step's script, as RECIPES.md has it. */
let step: string;
let commandLine: string;
/** The branch before a push of two commits. */
let before: string;

beforeAll(async () => {
  served = await serveDesk({ time });
  step =
    /```yaml\n[\s\S]*?run: \|\n([\s\S]*?)```/.exec(await readFile(join(root, "RECIPES.md"), "utf8"))?.[1] ??
    "";
  await mkdir(join(root, "dist"), { recursive: true });
  folder = await mkdtemp(join(root, "dist/recipe-for-ci-"));
  commandLine = await bundleCommandLine(folder);
  before = await makeShop();
});
beforeEach(async () => {
  await served.reset();
  served.imagekit.answer = (request) => {
    time.now += 10_000;
    return request.method === "POST"
      ? Response.json({ requestId: `ik${time.now}` }, { status: 201 })
      : Response.json({ status: "Completed" });
  };
});
afterAll(async () => {
  await served?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const purged = () => served.imagekit.purged.map((body): string => JSON.parse(body).url).sort();

async function makeShop(): Promise<string> {
  const shop = join(folder, "shop");
  const git = (...words: readonly string[]): Promise<{ readonly stdout: string }> =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@shop.example", ...words], { cwd: shop });
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(shop, path)), { recursive: true });
    await writeFile(join(shop, path), content);
  };
  const commit = async () => {
    await git("add", "--all");
    await git("commit", "--quiet", "-m", "images");
  };
  await write("package.json", "{}");
  for (const name of ["kept", "first", "deleted", "old-name", "grün", '50% "a" #1?']) {
    await write(`public/images/${name}.jpg`, `${name} 1`);
  }
  await git("init", "--quiet");
  await commit();
  const { stdout } = await git("rev-parse", "HEAD");
  await write("public/images/first.jpg", "first 2");
  await git("mv", "public/images/old-name.jpg", "public/images/new-name.jpg");
  await commit();
  await write("public/images/grün.jpg", "grün 2");
  await write('public/images/50% "a" #1?.jpg', "odd 2");
  await write("public/images/added.jpg", "added");
  await git("rm", "--quiet", "public/images/deleted.jpg");
  await commit();
  return stdout.trim();
}

/** Runs the step in a clone, as GitHub's runner does: `bash -e`, on a script in a file. */
async function runStep(
  name: string,
  clone: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string }> {
  const cwd = join(folder, name);
  await run("git", ["clone", "--quiet", ...clone, pathToFileURL(join(folder, "shop")).href, cwd]);
  await mkdir(join(cwd, "node_modules/.bin"), { recursive: true });
  await symlink(commandLine, join(cwd, "node_modules/.bin/purge-desk"));
  await writeFile(join(folder, "step.sh"), step);
  const desk = { PURGE_DESK_URL: served.url, PURGE_DESK_TOKEN: tokens.purge };
  // Completes what the step waits for.
  const hurry = setInterval(() => {
    time.now += 10_000;
  }, 50);
  return run("bash", ["-e", join(folder, "step.sh")], {
    cwd,
    env: { ...process.env, ...desk, ...env },
  }).finally(() => clearInterval(hurry));
}

test("the step for CI purges the images that a push of several commits changed, moved or deleted", async () => {
  const { stdout } = await runStep("full", [], { BEFORE: before });
  expect(stdout).toContain("Cleared: 5 of 5 purges completed.");
  expect(purged()).toEqual(
    ["50%25%20%22a%22%20%231%3F", "deleted", "first", "gr%C3%BCn", "old-name"].map(
      (name) => `https://ik.imagekit.io/demo/images/${name}.jpg*`,
    ),
  );
});

test("the step for CI purges nothing and succeeds after a push that changed no image", async () => {
  await runStep("unchanged", [], { BEFORE: "HEAD" });
  expect(purged()).toEqual([]);
});

test.each([
  ["in a shallow clone", ["--depth", "1"], undefined],
  ["for a branch that is new", [], "0".repeat(40)],
  ["when started by hand", [], ""],
])("the step for CI fails %s, and purges nothing", async (name, clone, commit) => {
  await expect(runStep(name.replaceAll(" ", "-"), clone, { BEFORE: commit ?? before })).rejects.toMatchObject(
    {
      code: 128,
      stderr: expect.stringContaining("fatal:"),
    },
  );
  expect(purged()).toEqual([]);
});
