// @module-tag slow

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { type BuiltCommand, buildCommand } from "../support/run-command.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const url = (n: number) => `https://ik.imagekit.io/demo/p/${n}.jpg`;
const urls = range(250).map(url);
let served: ServedDesk;
let command: BuiltCommand;
let file: string;

beforeAll(async () => {
  [served, command] = await Promise.all([serveDesk(), buildCommand()]);
  file = join(command.folder, "list.txt");
  await writeFile(file, `# the sale\n${urls.join("\n")}\n`);
});
beforeEach(() => served.reset());
afterAll(async () => {
  await served?.close();
  await command?.remove();
});

const env = () => ({ PURGE_DESK_URL: served.url, PURGE_DESK_TOKEN: tokens.purge });
const purge = (...words: readonly string[]) =>
  command.run(["purge", "--file", file, ...words], { env: env() });
const spendElsewhere = (external: number) =>
  served.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json: { external } });
const accepted =
  /Accepted before that, for 100 units: b_[0-9a-z]{26}\nRun it again with --key (\S+): nothing/;

async function expectAllPurgedOnce(): Promise<void> {
  await Promise.all(served.background);
  const purged = served.imagekit.purged.map((body): string => JSON.parse(body).url);
  expect([...purged].sort()).toEqual([...urls].sort());
}

test("what the budget stops says what was accepted, and its key ends the rest without paying twice", async () => {
  await spendElsewhere(850);
  const { code, stderr } = await purge();
  expect([code, stderr]).toEqual([1, expect.stringMatching(accepted)]);
  await spendElsewhere(0);
  const [, key = ""] = accepted.exec(stderr) ?? [];
  const again = await purge("--key", key);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Accepted for 250 units") });
  await expectAllPurgedOnce();
});

test("what the network stops says what was accepted, and its key ends the rest without paying twice", async () => {
  served.fates.push("answer", "answer", new Response(null, { status: 302 }));
  const { code, stdout } = await purge("--json");
  const { error } = JSON.parse(stdout);
  expect(code).toBe(4);
  expect(error).toMatchObject({ code: "unexpected-answer", batches: [{ units: 100 }] });
  expect(await purge("--key", error.key)).toMatchObject({ code: 0 });
  await expectAllPurgedOnce();
});

test("Ctrl-C between two parts says what was accepted, and its key ends the rest without paying twice", async () => {
  served.fates.push("answer", "answer", "hang");
  const arrived = () => expect.poll(() => served.arrivals.length, { interval: 20 }).toBe(3);
  const { code, stderr } = await command.interrupt(["purge", "--file", file], arrived, env());
  expect([code, stderr]).toEqual([130, expect.stringMatching(accepted)]);
  const [, key = ""] = accepted.exec(stderr) ?? [];
  expect(await purge("--key", key)).toMatchObject({ code: 0 });
  await expectAllPurgedOnce();
});

test("a bad line of a request that is split is named as in the file", async () => {
  await writeFile(join(command.folder, "bad.txt"), `/boot.jpg\n${urls.join("\n")}\nnonsense\n`);
  const words = ["purge", "--file", "bad.txt"];
  expect(await command.run(words, { env: env() })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^bad\.txt:252 cannot be purged; nothing was submitted or charged\./),
  });
  const skipping = await command.run([...words, "--skip-invalid", "--json"], { env: env() });
  expect(JSON.parse(skipping.stdout).rejected).toMatchObject([{ source: "bad.txt:252", input: "nonsense" }]);
});
