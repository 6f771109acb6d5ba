// @module-tag slow

import { expect, test } from "vitest";
import { accepting } from "../support/app.ts";
import { commandDesk, commandProcess } from "../support/command-desk.ts";
import { runHere } from "../support/run-command.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const desk = commandDesk();
const { shell } = commandProcess(desk);
/** Runs it on a terminal, whose output is then on stdout; the script's own redirections hold. */
const onTerminal = (words: string, env?: Readonly<Record<string, string>>) =>
  shell(`script --quiet --return --command '${words}' /dev/null`, env);
const control = "\u001b[";

test.each([["token shop read"], ["token shop read --json"], ["--help"]])(
  "a full disk is exit code 4 of %s, said in one sentence",
  async (words) => {
    const { code, stderr } = await shell(`purge-desk ${words} > /dev/full`);
    expect([code, stderr]).toEqual([4, expect.stringMatching(/^The output cannot be written: ENOSPC.*\n$/)]);
  },
);

const account = /Accepted for 1 unit: b_[0-9a-z]{26}\nRun it again with --key (\S+): nothing/;

test.each([[""], ["--json"], ["--json --wait"]])(
  "a purge %s whose output finds a full disk says what was accepted, and its key costs nothing",
  async (words) => {
    const completed = "--timeout 0";
    const { code, stderr } = await shell(`purge-desk purge ${shoe} ${words} ${completed} > /dev/full`);
    expect(code).toBe(words.includes("--wait") ? 5 : 4);
    expect(stderr).toMatch(account);
    const [, key = ""] = account.exec(stderr) ?? [];
    expect((await desk.run(["purge", shoe, "--key", key])).code).toBe(0);
    expect(desk.served.imagekit.purged).toHaveLength(1);
  },
);

test("a purge whose reader has died says what was accepted", async () => {
  const { code, stderr } = await shell(`exec 3> >(true); wait $!; purge-desk purge ${shoe} --json >&3`);
  expect([code, stderr]).toEqual([0, expect.stringMatching(account)]);
});

test("an export that cannot be written leaves no part of it, and says so", async () => {
  await desk.run(["purge", shoe]);
  const ledger = desk.ledgerEnv();
  // No file may have more than one block.
  const intoFile = await shell("(ulimit -f 1; purge-desk export half.jsonl); echo $?; ls half.jsonl", ledger);
  expect(intoFile.stdout).toBe("2\n");
  expect(intoFile.stderr).toMatch(/^half\.jsonl cannot be written \(EFBIG\)\n/);
  const belowFile = await runHere(["export", "/dev/null/x.jsonl"], { env: ledger });
  expect(belowFile).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^\/dev\/null\/x\.jsonl cannot be written \(ENOTDIR\)\n/),
  });
  const intoPipe = await shell("purge-desk export - > /dev/full", ledger);
  expect(intoPipe).toMatchObject({ code: 4, stderr: expect.stringMatching(/^The output cannot be written/) });
  expect(intoPipe.stderr).not.toContain("Exported");
  const toNobody = await shell("exec 3> >(true); wait $!; purge-desk export - >&3", ledger);
  expect(toNobody).toMatchObject({
    code: 4,
    stderr: "The export is incomplete: it cannot be imported.\n",
  });
});

test.each([
  ["plan /shoe.jpg", 0],
  ["plan nonsense", 1],
  ["plan nonsense --json", 1],
  ["purge /shoe.jpg --wait --timeout 0 2>&3", 5],
])("a reader that has closed its pipe leaves %s its exit code, and nothing is said", async (words, code) => {
  // Nobody reads any more before the command begins.
  const { stdout, stderr } = await shell(`exec 3> >(true); wait $!; purge-desk ${words} >&3; echo $?`);
  expect([stdout, stderr]).toEqual([`${code}\n`, ""]);
});

test.each<[string, string, Readonly<Record<string, string>>, boolean]>([
  ["a terminal", "purge-desk plan nonsense", {}, true],
  ["a terminal without colours", "purge-desk plan nonsense", { TERM: "dumb" }, false],
  ["a terminal with NO_COLOR", "purge-desk plan nonsense", { NO_COLOR: "1" }, false],
  ["a file", "purge-desk plan nonsense > out.txt; cat out.txt", {}, false],
  ["a file with FORCE_COLOR", "purge-desk plan nonsense > out.txt; cat out.txt", { FORCE_COLOR: "1" }, true],
])("on %s there are the colours that belong there", async (_, script, env, isColoured) => {
  const { stdout } = await onTerminal(script, env);
  expect(stdout).toContain("rejected");
  expect(stdout.includes(`${control}31mrejected`)).toBe(isColoured);
  expect(stdout.includes(control)).toBe(isColoured);
});

test("a progress bar is drawn in place on a terminal, and elsewhere each change is a line", async () => {
  desk.served.imagekit.answer = accepting("Pending");
  const purge = (path: string) => `purge-desk purge ${path} --wait --timeout 0`;
  const bar = `\r${control}K[------------------------] 0 of 1 cleared`;
  expect((await onTerminal(purge("/a.jpg"))).stdout).toContain(bar);
  const { stderr } = await shell(purge("/b.jpg"));
  expect(stderr).toMatch(/^Accepted for 1 unit: \S+\n0 of 1 cleared\n$/);
  // Only stdout is a terminal: the bar would move nothing there.
  expect((await onTerminal(`${purge("/c.jpg")} 2> err.txt; cat err.txt`)).stdout).not.toContain("[--");
});
