// @module-tag slow

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const tsx = import.meta.resolve("tsx");
const local = new URL("../../src/local/", import.meta.url);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-start-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program of src/local in a process and a folder of its own, with nothing configured but what is given. */
function run(program: string, env: Record<string, string> = {}, words: readonly string[] = []) {
  const script = fileURLToPath(new URL(program, local));
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, ["--import", tsx, script, ...words], {
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

test.each(["SIGINT", "SIGTERM"] as const)("npm start is ready, serves, and %s ends it", async (signal) => {
  const { child, ready, ended } = run("start.ts", { PORT: "0" });
  const announcement = await ready;
  const url = /ready: (http:\S+)/.exec(announcement)?.[1] ?? "";
  expect((await fetch(url)).status).toBeGreaterThanOrEqual(200);
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 0, errors: "" });
  await expect(fetch(url)).rejects.toThrow();
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

test("npm run token prints a token and its entry, or how to ask for one", async () => {
  const made = await run("token.ts", {}, ["storefront", "purge", "wildcard"]).ended;
  expect(made).toMatchObject({ code: 0, errors: "" });
  expect(made.output).toMatch(/^ {2}pd_[\w-]{43}$/m);
  expect(made.output).toMatch(/^ {2}storefront:purge\+wildcard:[0-9a-f]{64}$/m);

  const refused = await run("token.ts", {}, ["storefront", "everything"]).ended;
  expect(refused).toMatchObject({ code: 1, output: "" });
  expect(refused.errors).toMatch(/no scope "everything".*Usage: npm run token/s);
});
