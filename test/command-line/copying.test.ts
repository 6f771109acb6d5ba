// @module-tag slow

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { commandDesk } from "../support/command-desk.ts";
import { runHere } from "../support/run-command.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const time = { now: Date.now() };
const desk = commandDesk({ time });
/** Another Redis, with a Purge Desk that uses it. */
let other: ServedDesk;
beforeAll(async () => {
  other = await serveDesk({ time });
});
beforeEach(() => other.reset());
afterAll(() => other?.close());

const ofOther = () => ({
  ...desk.ledgerEnv(),
  UPSTASH_REDIS_REST_URL: other.redis.url,
  UPSTASH_REDIS_REST_TOKEN: other.redis.token,
});
const exportTo = (file: string) => runHere(["export", file], { env: desk.ledgerEnv() });
const importFrom = (file: string) => runHere(["import", file], { env: ofOther() });
const fileOf = (name: string) => join(desk.folder, name);
const keysOfOther = () => other.redis.raw.keys("*");

test("a ledger moves to another Redis by export and import: the budget, the purges and their keys go on there", async () => {
  const first = await desk.run(["purge", shoe, "--key", "upload 17"]);
  expect(await exportTo(fileOf("ledger.jsonl"))).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^Exported the ledger "sandbox": \d+ records\.\n$/),
  });
  expect(await importFrom(fileOf("ledger.jsonl"))).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^Imported the ledger "sandbox": \d+ records, as of 20\S+\.\n$/),
  });
  const env = { PURGE_DESK_URL: other.url, PURGE_DESK_TOKEN: tokens.purge };
  const [here, there] = [await desk.run(["status"]), await runHere(["status"], { env })];
  expect(there.stdout).toContain(shoe);
  expect(there).toEqual(here);
  expect((await runHere(["budget"], { env })).stdout).toMatch(/spent +1\n/);
  // The same request costs nothing there either.
  const again = await runHere(["purge", shoe, "--key", "upload 17"], { env });
  expect(again).toMatchObject({ code: 0, stdout: first.stdout });
  expect(other.imagekit.purged).toEqual([]);
});

test("an import is refused where there is a ledger, also by a second import of the same export", async () => {
  await desk.run(["purge", shoe]);
  await exportTo(fileOf("twice.jsonl"));
  expect(await importFrom(fileOf("twice.jsonl"))).toMatchObject({ code: 0 });
  const before = await keysOfOther();
  expect(await importFrom(fileOf("twice.jsonl"))).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /has \d+ keys of a ledger "sandbox" already\. Nothing was imported\. Use another Redis: /,
    ),
  });
  expect((await keysOfOther()).sort()).toEqual(before.sort());
});

test.each<[string, (text: string) => string, RegExp]>([
  [
    "a file that was cut off in a line",
    (text) => text.slice(0, -40),
    /^The file is incomplete: it was cut off/,
  ],
  [
    "a file that was cut off after a line",
    (text) => `${text.split("\n").slice(0, 4).join("\n")}\n`,
    /^The file is incomplete/,
  ],
  ["an empty file", () => "", /^This is not a ledger that purge-desk export wrote/],
  [
    "a file of a later version",
    (text) => text.replace('"version":1', '"version":2'),
    /^This export has version 2; this purge-desk reads version 1\. .*Nothing was imported/,
  ],
])("%s imports nothing, and is said", async (_, change, said) => {
  await desk.run(["purge", shoe]);
  const file = fileOf(`${crypto.randomUUID()}.jsonl`);
  await exportTo(file);
  await writeFile(file, change(await readFile(file, "utf8")));
  expect(await importFrom(file)).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
  expect(await keysOfOther()).toEqual([]);
});

test("stdout and stdin carry an export from one command to the other", async () => {
  await desk.run(["purge", shoe]);
  const { stdout } = await exportTo("-");
  const { code } = await runHere(["import", "-"], { env: ofOther(), stdin: stdout });
  expect([code, (await keysOfOther()).length > 5]).toEqual([0, true]);
});

test("export and import say which settings are missing, that there is no ledger, or no Redis", async () => {
  const missing = await runHere(["export", "-"], {});
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/UPSTASH_REDIS_REST_URL/) });
  // Without a simulated ImageKit the settings name a deployment's own ledger.
  const { IMAGEKIT_API_BASE_URL: _, ...live } = desk.ledgerEnv();
  const none = await runHere(["export", "-"], { env: live });
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/no ledger "default"/) });
  const away = { ...desk.ledgerEnv(), UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" };
  expect(await runHere(["export", "-"], { env: away })).toMatchObject({ code: 4 });
});
