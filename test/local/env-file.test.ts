import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { withEnvFile } from "../../src/local/env-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "purge-desk-env-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("the file fills in what the environment does not say, and the environment wins", async () => {
  await writeFile(join(folder, ".env"), '# comment\nPORT=3000\nPURGE_LEDGER="shop"\n');
  expect(withEnvFile(join(folder, ".env"), { PORT: "4000", HOME: "/home" })).toEqual({
    PORT: "4000",
    PURGE_LEDGER: "shop",
    HOME: "/home",
  });
});

test("no file is fine", () => {
  expect(withEnvFile(join(folder, ".env"), { PORT: "4000" })).toEqual({ PORT: "4000" });
});

test("a file too long to be one of settings is not read", async () => {
  await writeFile(join(folder, ".env"), "a\n".repeat(64 * 1024));
  expect(() => withEnvFile(join(folder, ".env"), {})).toThrow(CannotStart);
});

test("a file that cannot be read is said to be that", () => {
  expect(() => withEnvFile(folder, {})).toThrow(CannotStart);
});
