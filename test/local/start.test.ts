// @module-tag slow

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type BundledPrograms, bundlePrograms } from "../support/bundled-programs.ts";

const execFileOf = promisify(execFile);

/** As package.json has it. */
const withTsx = [
  "--import",
  import.meta.resolve("tsx"),
  fileURLToPath(new URL("../../src/local/start.ts", import.meta.url)),
];
let bundled: BundledPrograms;
beforeAll(async () => {
  bundled = await bundlePrograms("src/local", ["start.ts", "token.ts"]);
});
afterAll(() => bundled?.remove());

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-start-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program of src/local in a process and a folder of its own, with nothing configured but what is given. */
function run(
  program: string | readonly string[],
  env: Record<string, string> = {},
  words: readonly string[] = [],
) {
  const nodeArguments = typeof program === "string" ? [bundled.file(program)] : program;
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [...nodeArguments, ...words], {
    cwd: folder,
    env: { PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  const ready = new Promise<string>((resolve) => {
    child.stdout.on("data", (text: string) => {
      output += text;
      if (output.includes("Ctrl-C")) resolve(output);
    });
  });
  child.stderr.on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code, output, errors }));
  return { child, ready, ended };
}

test.each([
  ["SIGINT", withTsx],
  ["SIGTERM", "start.ts"],
] as const)("npm start is ready, serves, and %s ends it", async (signal, program) => {
  const { child, ready, ended } = run(program, { PORT: "0" });
  const announcement = await ready;
  const url = /ready: (http:\S+)/.exec(announcement)?.[1] ?? "";
  expect((await fetch(url)).status).toBeGreaterThanOrEqual(200);
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 0, errors: "" });
  await expect(fetch(url)).rejects.toThrow();
});

test("ImageKit's SDK, unchanged, purges through npm start with the two variables that it prints", async () => {
  const { child, ready, ended } = run("start.ts", { PORT: "0" });
  const announcement = await ready;
  const variables = /^ +(IMAGE_KIT_BASE_URL=.+)$/m.exec(announcement)?.[1] ?? "";
  const code = `
    import ImageKit from "@imagekit/nodejs";
    const { invalidation } = new ImageKit().cache;
    const { requestId } = await invalidation.create({ url: "https://ik.imagekit.io/demo/shoe.jpg*" });
    console.log((await invalidation.get(requestId)).status);`;
  const { PATH = "" } = process.env;
  const { stdout } = await execFileOf("sh", ["-c", `${variables} node --input-type=module -e "$CODE"`], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { PATH, CODE: code },
  });
  expect(stdout).toMatch(/^(Pending|Completed)\n$/);
  const token = /Token +(pd_\S+)/.exec(announcement)?.[1];
  const url = /ready: (http:\S+)/.exec(announcement)?.[1];
  const answer = await fetch(`${url}/api/purges`, { headers: { Authorization: `Bearer ${token}` } });
  expect((await answer.json()).purges).toMatchObject([
    { url: "https://ik.imagekit.io/demo/shoe.jpg*", actor: "cms" },
  ]);
  child.kill("SIGINT");
  await ended;
});

test("a half-set configuration in .env ends with one clear message and code 1", async () => {
  await writeFile(join(folder, ".env"), "UPSTASH_REDIS_REST_URL=https://redis.example\n");
  const { code, output, errors } = await run("start.ts").ended;
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(errors.trim().split("\n")).toEqual([
    expect.any(String),
    "  - UPSTASH_REDIS_REST_URL is set, but UPSTASH_REDIS_REST_TOKEN is not",
  ]);
});

test("npm run token -- --help explains itself and is no error", async () => {
  for (const words of [["--help"], ["storefront", "-h"]]) {
    const { code, output, errors } = await run("token.ts", {}, words).ended;
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toMatch(/^Usage: npm run token/);
  }
});

test("npm start that cannot reach its Upstash ends with one sentence and code 1", async () => {
  const env = { UPSTASH_REDIS_REST_URL: "http://purge-desk.invalid", UPSTASH_REDIS_REST_TOKEN: "mine" };
  const { code, output, errors } = await run("start.ts", { PORT: "0", ...env }).ended;
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(errors.trim().split("\n")).toEqual([expect.stringMatching(/^UPSTASH_REDIS_REST_URL: no Upstash/)]);
});

test("npm start leaves a note for its other commands, for its owner only, and takes it away", async () => {
  const { child, ready, ended } = run("start.ts", { PORT: "0", IMAGEKIT_PUBLIC_KEY: "x" });
  const url = /ready: (http:\S+)/.exec(await ready)?.[1];
  const path = join(folder, ".purge-desk-local.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const note = JSON.parse(await readFile(path, "utf8"));
  expect(note).toMatchObject({ url, pid: child.pid });
  expect(JSON.stringify(note)).not.toContain("SESSION_SECRET");
  child.kill("SIGINT");
  await ended;
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("npm run token prints a token and its entry, or how to ask for one", async () => {
  const made = await run("token.ts", {}, ["storefront", "purge", "wildcard"]).ended;
  expect(made).toMatchObject({ code: 0, errors: "" });
  expect(made.output).toMatch(/^ {2}pd_[\w-]{43}$/m);
  expect(made.output).toMatch(/^ {2}storefront:purge\+wildcard:[0-9a-f]{64}$/m);

  const refused = await run("token.ts", {}, ["storefront", "everything"]).ended;
  expect(refused).toMatchObject({ code: 2, output: "" });
  expect(refused.errors).toMatch(/no scope "everything".*Usage: npm run token/s);
});
