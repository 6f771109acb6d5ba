// @module-tag slow

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { commandDesk, commandProcess } from "../support/command-desk.ts";

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const url = (n: number) => `https://ik.imagekit.io/demo/p/${n}.jpg`;
/** Two parts: one has at most 100. */
const urls = range(110).map(url);
const desk = commandDesk();
const command = commandProcess(desk);
let file: string;
beforeAll(async () => {
  file = join(desk.folder, "list.txt");
  await writeFile(file, `# the sale\n${urls.join("\n")}\n`);
});
const purge = (...words: readonly string[]) => desk.run(["purge", "--file", file, ...words]);
const spendElsewhere = (external: number) =>
  desk.served.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json: { external } });
const accepted =
  /Accepted before that, for 100 units: b_[0-9a-z]{26}\nRun it again with --key (\S+): nothing/;

async function expectAllPurgedOnce(): Promise<void> {
  await Promise.all(desk.served.background);
  const purged = desk.served.imagekit.purged.map((body): string => JSON.parse(body).url);
  expect([...purged].sort()).toEqual([...urls].sort());
}

test("what the budget stops says what was accepted, and its key ends the rest without paying twice", async () => {
  await spendElsewhere(895);
  const { code, stderr } = await purge();
  expect([code, stderr]).toEqual([1, expect.stringMatching(accepted)]);
  await spendElsewhere(0);
  const [, key = ""] = accepted.exec(stderr) ?? [];
  const again = await purge("--key", key);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Accepted for 110 units") });
  await expectAllPurgedOnce();
});

test("what the network stops says what was accepted, and its key ends the rest without paying twice", async () => {
  desk.served.fates.push("answer", "answer", new Response(null, { status: 302 }));
  const { code, stdout } = await purge("--json");
  const { error } = JSON.parse(stdout);
  expect(code).toBe(4);
  expect(error).toMatchObject({ code: "unexpected-answer", batches: [{ units: 100 }] });
  expect(await purge("--key", error.key)).toMatchObject({ code: 0 });
  await expectAllPurgedOnce();
});

test.each<[string, readonly NodeJS.Signals[]]>([
  ["Ctrl-C", ["SIGINT"]],
  ["Ctrl-C, which npx passes on a second time,", ["SIGINT", "SIGINT"]],
  ["the end of a CI job", ["SIGINT", "SIGTERM"]],
  ["a system that shuts down", ["SIGTERM"]],
  ["a terminal that is closed", ["SIGHUP"]],
])(
  "%s between two parts says what was accepted, and its key ends the rest without paying twice",
  async (_, signals) => {
    desk.served.fates.push("answer", "answer", "hang");
    const arrived = () => expect.poll(() => desk.served.arrivals.length, { interval: 20 }).toBe(3);
    const { code, stderr } = await command.interrupt(["purge", "--file", file], arrived, { signals });
    expect([code, stderr]).toEqual([130, expect.stringMatching(accepted)]);
    const [, key = ""] = accepted.exec(stderr) ?? [];
    expect(await purge("--key", key)).toMatchObject({ code: 0 });
    await expectAllPurgedOnce();
  },
);

test.each([[[]], [["--json"]]])(
  "before a second part is sent a random key %s is on stderr, for what no process outlives",
  async (options) => {
    desk.served.fates.push("answer", "answer", "hang");
    const arrived = () => expect.poll(() => desk.served.arrivals.length, { interval: 20 }).toBe(3);
    const words = ["purge", "--file", file, ...options];
    const { code, stdout, stderr } = await command.interrupt(words, arrived, { signals: ["SIGKILL"] });
    expect([code, stdout]).toEqual([null, ""]);
    const [, key = ""] = /^Sending this in several parts\..* --key (\S+): nothing .*\n$/.exec(stderr) ?? [];
    expect(await purge("--key", key)).toMatchObject({ code: 0, stderr: "" });
    await expectAllPurgedOnce();
  },
);

test("what was accepted before a failure is said on stderr where --json cannot be written", async () => {
  await spendElsewhere(895);
  const { code, stderr } = await command.shell("purge-desk purge --json --file list.txt > /dev/full");
  expect([code, stderr]).toEqual([1, expect.stringMatching(accepted)]);
});

test("a bad line of a request that is split is named as in the file", async () => {
  const bad = join(desk.folder, "bad.txt");
  await writeFile(bad, `/boot.jpg\n${urls.join("\n")}\nnonsense\n`);
  const words = ["purge", "--file", bad];
  expect(await desk.run(words)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^\S+bad\.txt:112 cannot be purged; nothing was submitted or charged\./),
  });
  const skipping = await desk.run([...words, "--skip-invalid", "--json"]);
  expect(JSON.parse(skipping.stdout).rejected).toMatchObject([{ source: `${bad}:112`, input: "nonsense" }]);
});
