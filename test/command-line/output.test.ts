// @module-tag slow

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, tokens } from "../support/app.ts";
import { type BuiltCommand, buildCommand } from "../support/run-command.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const time = { now: Date.now() };
let served: ServedDesk;
let command: BuiltCommand;

beforeAll(async () => {
  [served, command] = await Promise.all([serveDesk({ time }), buildCommand()]);
});
beforeEach(() => served.reset());
afterAll(async () => {
  await served?.close();
  await command?.remove();
});

const shell = (script: string, env: Readonly<Record<string, string>> = {}) =>
  command.shell(script, {
    PURGE_DESK_URL: served.url,
    PURGE_DESK_TOKEN: tokens.purge,
    TERM: "xterm",
    ...env,
  });
/** Runs it on a terminal, whose output is then on stdout; the script's own redirections hold. */
const onTerminal = (words: string, env?: Readonly<Record<string, string>>) =>
  shell(`script --quiet --return --command '${words}' /dev/null`, env);
const control = "\u001b[";

test.each([["budget"], ["budget --json"], ["--help"]])(
  "a full disk is exit code 4 of %s, said in one sentence",
  async (words) => {
    const { code, stderr } = await shell(`purge-desk ${words} > /dev/full`);
    expect([code, stderr]).toEqual([4, expect.stringMatching(/^The output cannot be written: ENOSPC.*\n$/)]);
  },
);

test.each([[""], ["--json"]])(
  "a purge %s whose output finds a full disk says what was accepted",
  async (words) => {
    const { code, stderr } = await shell(`purge-desk purge ${shoe} ${words} > /dev/full`);
    expect(code).toBe(4);
    expect(stderr).toMatch(/Accepted for 1 unit: b_[0-9a-z]{26}\n/);
  },
);

test("an export that cannot be written leaves no part of it, and says so", async () => {
  await shell(`purge-desk purge ${shoe}`);
  const ledger = {
    UPSTASH_REDIS_REST_URL: served.redis.url,
    UPSTASH_REDIS_REST_TOKEN: served.redis.token,
    IMAGEKIT_API_BASE_URL: "http://imagekit.test",
  };
  // No file may have more than one block.
  const intoFile = await shell("(ulimit -f 1; purge-desk export half.jsonl); echo $?; ls half.jsonl", ledger);
  expect(intoFile.stdout).toBe("2\n");
  expect(intoFile.stderr).toMatch(/^half\.jsonl cannot be written \(EFBIG\)\n/);
  const belowFile = await shell("touch file; purge-desk export file/x.jsonl; echo $?", ledger);
  expect(belowFile.stdout).toBe("2\n");
  expect(belowFile.stderr).toMatch(/^file\/x\.jsonl cannot be written \(ENOTDIR\)\n/);
  const intoPipe = await shell("purge-desk export - > /dev/full", ledger);
  expect(intoPipe).toMatchObject({ code: 4, stderr: expect.stringMatching(/^The output cannot be written/) });
  expect(intoPipe.stderr).not.toContain("Exported");
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
  served.imagekit.answer = accepting("Pending");
  const purge = (path: string) => `purge-desk purge ${path} --wait --timeout 0`;
  const bar = `\r${control}K[------------------------] 0 of 1 cleared`;
  expect((await onTerminal(purge("/a.jpg"))).stdout).toContain(bar);
  const { stderr } = await shell(purge("/b.jpg"));
  expect(stderr).toMatch(/^Accepted for 1 unit: \S+\n0 of 1 cleared\n$/);
  // Only stdout is a terminal: the bar would move nothing there.
  expect((await onTerminal(`${purge("/c.jpg")} 2> err.txt; cat err.txt`)).stdout).not.toContain("[--");
});
