// @module-tag slow

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accepting, tokens } from "../support/app.ts";
import { commandDesk } from "../support/command-desk.ts";
import { runHere } from "../support/run-command.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const boot = "https://ik.imagekit.io/demo/boot.jpg";
const time = { now: Date.now() };
const desk = commandDesk({ time, env: { PURGE_MONTHLY_QUOTA: "3" } });
const { run } = desk;
const purged = () => desk.served.imagekit.purged.map((body): string => JSON.parse(body).url);
const batchIn = (output: string) => /b_[0-9a-z]{26}/.exec(output)?.[0] ?? "";
/** Status checks are due as soon as ImageKit has accepted the purges. */
const completeSoon = () => {
  time.now += 10_000;
};

test("plan prints verdicts and the price, charges nothing, and exits 0", async () => {
  const { code, stdout, stderr } = await run(["plan", shoe, boot, shoe]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("2 units; 1 of 3 left afterwards.");
  expect(stdout).toMatch(/3\s+duplicate\s+https/);
  expect(purged()).toEqual([]);
});

test.each([
  ["a line that is rejected", ["plan", "nonsense"]],
  ["a budget that does not cover it", ["plan", ...[1, 2, 3, 4].map((n) => `${shoe}?v=${n}`)]],
])("plan exits 1 for %s", async (_, words) => {
  expect((await run(words)).code).toBe(1);
});

test("purge takes arguments, a file and stdin; a line that begins with / names an image, # is a comment", async () => {
  const file = join(desk.folder, "list.txt");
  await writeFile(file, `# the new autumn photos\r\n${shoe}\r\n\r\n/boot.jpg\n`);
  expect(await run(["purge", "--file", file])).toMatchObject({ code: 0 });
  expect(await run(["purge", "-", "--images"], `${shoe}?tr=w-4\n`)).toMatchObject({ code: 0 });
  expect(purged().sort()).toEqual([`${boot}*`, shoe, `${shoe}*`]);
});

test("purge passes its options on: reason, times, key", async () => {
  const words = [
    "--reason",
    "autumn",
    "--changed-at",
    "2026-01-02T03:04:05.006Z",
    "--settle",
    "60",
    "--hold",
  ];
  await run(["purge", shoe, ...words, "--skip-invalid", "--send-mistakes", "--key", "upload 17"]);
  expect(JSON.parse(desk.served.arrivals[0]?.body ?? "")).toEqual({
    urls: [shoe],
    images: [],
    reason: "autumn",
    changedAt: "2026-01-02T03:04:05.006Z",
    settleSeconds: 60,
    onInvalid: "skip",
    onMistake: "send",
    onExhausted: "hold",
  });
  expect(desk.served.arrivals[0]?.headers.get("Idempotency-Key")).toBe("upload 17");
});

test("purge says which batch to wait for, and wait exits 0 when it is cleared", async () => {
  const { stdout } = await run(["purge", shoe]);
  const id = batchIn(stdout);
  expect(stdout).toContain(`npx --no-install purge-desk wait ${id}`);
  completeSoon();
  expect(await run(["wait", id])).toMatchObject({ code: 0, stdout: "Cleared: 1 of 1 purge completed.\n" });
});

test("with --json only JSON is on stdout, and nothing on stderr", async () => {
  const { stdout, stderr } = await run(["purge", shoe, "--json"]);
  const submission = JSON.parse(stdout);
  expect(submission).toMatchObject({ units: 1, batches: [{ purges: [{ url: shoe }] }] });
  completeSoon();
  const waited = await run(["wait", submission.batches[0].id, "--json"]);
  expect(JSON.parse(waited.stdout)).toMatchObject({ done: true, cleared: true });
  expect(stderr + waited.stderr).toBe("");
});

test("purge --wait --json says what was left out, and the key, beside how it ended", async () => {
  const words = ["purge", shoe, "nonsense", "--skip-invalid", "--wait", "--json", "--key", "upload 18"];
  const { code, stdout } = await run([...words, "--timeout", "0"]);
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({
    done: false,
    key: "upload 18",
    rejected: [{ source: "argument 2", input: "nonsense", line: 2 }],
    batches: [{ units: 1 }],
  });
});

test.each([[[]], [["--json"]]])("a wait %s that fails says what was accepted, and the key", async (words) => {
  desk.served.fates.push("answer", new Response(null, { status: 302 }));
  const { code, stdout, stderr } = await run(["purge", shoe, "--wait", "--key", "upload 19", ...words]);
  expect(code).toBe(4);
  if (words.length > 0) {
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "unexpected-answer",
      key: "upload 19",
      batches: [{ units: 1 }],
    });
  } else {
    expect(stderr).toMatch(
      /Accepted before that, for 1 unit: b_\S+\nRun it again with --key 'upload 19': nothing/,
    );
  }
});

test("a wait --json that fails names the lines that were left out of what was accepted", async () => {
  desk.served.fates.push("answer", new Response(null, { status: 302 }));
  const { code, stdout } = await run(["purge", shoe, "nonsense", "--skip-invalid", "--wait", "--json"]);
  expect(code).toBe(4);
  const { error } = JSON.parse(stdout);
  expect(error).toMatchObject({ batches: [{ units: 1 }], rejected: [{ input: "nonsense", line: 2 }] });
});

test("a fault of one option that is about another names both as they were given", async () => {
  const words = ["--changed-at", "2026-11-20T10:00:00.000Z", "--send-after", "2026-11-20T09:00:00.000Z"];
  const { stderr } = await run(["purge", shoe, ...words]);
  expect(stderr).toMatch(/^--changed-at is after --send-after; the purge would be sent/m);
});

test("what ended without clearing is exit code 3, and is named", async () => {
  desk.served.imagekit.answer = () =>
    Response.json({ message: "The URL is not valid for cache purging." }, { status: 400 });
  const { code, stdout } = await run(["purge", shoe, "--wait"]);
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^Ended, and not everything was cleared: 0 of 1 purge completed\.\n.*refused.*shoe\.jpg/,
  );
});

test("a line that was left out is exit code 3", async () => {
  const { code, stdout } = await run(["purge", shoe, "nonsense", "--skip-invalid"]);
  expect(code).toBe(3);
  expect(stdout).toContain("was not sent: nonsense");
});

test("a time that is over before the purges have ended is exit code 5", async () => {
  desk.served.imagekit.answer = accepting("Pending");
  const { code, stdout } = await run(["purge", shoe, "--wait", "--timeout", "0"]);
  expect(code).toBe(5);
  expect(stdout).toContain("Still open after 0 s: 0 of 1 purge completed. It goes on.");
});

test.each([
  ["a bad line", 1, ["purge", "nonsense"], "nonsense"],
  ["an exhausted budget", 1, ["purge", ...[1, 2, 3, 4].map((n) => `${shoe}?v=${n}`)], "budget-exhausted"],
  ["an unknown command", 2, ["purgee", shoe], "Did you mean purge?"],
  ["an unknown option", 2, ["purge", shoe, "--frce"], "unknown option '--frce'"],
  ["a time that is none", 2, ["purge", shoe, "--changed-at", "now"], "--changed-at must be a time such as"],
  ["a long settling", 2, ["purge", shoe, "--settle", "9999"], "--settle must be at most 3600"],
  ["no folder", 2, ["purge", shoe, "--cover", "/p/", "--cover", "p"], "--cover number 2 must be a folder"],
  ["no folder for a plan", 2, ["plan", shoe, "--cover", "p"], "--cover number 1 must be a folder"],
  [
    "a time to send that has passed",
    2,
    ["purge", shoe, "--send-after", "2020-01-01T00:00:00Z"],
    "--send-after is in the past",
  ],
  [
    "a key that no header can have",
    2,
    ["purge", shoe, "--key", "日本"],
    "key must be 1 to 250 printable ASCII",
  ],
  ["a long key", 2, ["purge", shoe, "--key", "k".repeat(256)], "key must be 1 to 250"],
  ["a bad line beside an option", 1, ["purge", "nonsense", "--reason", "autumn"], "invalid-urls"],
  ["nothing to purge", 2, ["purge"], "Nothing to purge"],
  ["a file that is not there", 2, ["purge", "--file", "none.txt"], "none.txt cannot be read"],
  ["an option that is no number", 2, ["wait", "b_x", "--timeout", "soon"], "whole number of seconds"],
  ["an id that is none", 2, ["status", "shoe"], "is no id"],
  ["an id to wait for that is no batch's", 2, ["wait", "p_00000000000000000000000000"], "is not a batch id"],
  ["an unknown batch", 1, ["wait", "b_00000000000000000000000000"], "not-found"],
])("%s is exit code %i, and is said on stderr", async (_, code, words, said) => {
  const ran = await run(words);
  expect([ran.code, ran.stdout]).toEqual([code, ""]);
  expect(ran.stderr).toContain(said);
  expect(purged()).toEqual([]);
});

test.each([
  [
    "several bad lines",
    ["no1", shoe, "no2"],
    /^argument 1, argument 3 cannot be purged; nothing was submitted or charged\. \(/,
  ],
  [
    "an image without its slash",
    ["p/a.jpg"],
    / {2}p\/a\.jpg\n .*\n +If it is an image, begin its path with \//,
  ],
  [
    "a mistake",
    ["https://ik.imagekit.io/demo/{{image}}.jpg"],
    /^argument 1 cannot be purged; .* --send-mistakes sends it\./,
  ],
  [
    "a wildcard",
    [shoe, `${shoe}*`],
    /^argument 2 needs the scope wildcard, which the token lacks\. \(forbidden\)\n$/,
  ],
])("%s is refused in a sentence that says where the user wrote it", async (_, lines, said) => {
  const words = ["purge", ...lines];
  expect(await run(words)).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
  const { error } = JSON.parse((await run([...words, "--json"])).stdout);
  expect(error.message).toMatch(/^argument/);
});

test("a Purge Desk that is not live is exit code 4; --json says it on stdout", async () => {
  desk.served.fates.push(Response.json({ code: "not-live", detail: "a preview" }, { status: 503 }));
  const { code, stdout } = await run(["purge", shoe, "--json"]);
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error).toMatchObject({ code: "not-live", key: expect.any(String) });
});

test("settings that are missing are exit code 2", async () => {
  expect(await runHere(["budget"])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/PURGE_DESK_URL/),
  });
});

test("profiles are listed", async () => {
  expect((await run(["profiles"])).stdout).toContain("There are no profiles.");
  const json = { paths: ["/p/"], endpoints: ["https://ik.imagekit.io/demo"], transformations: ["tr:w-400"] };
  await desk.served.call("/api/profiles/shop", { method: "PUT", token: tokens.admin, json });
  expect((await run(["profiles"])).stdout).toMatch(/shop +\/p\/ +https:\/\/ik\.imagekit\.io\/demo +tr:w-400/);
});

test("what moves a terminal's cursor is escaped, and without a terminal nothing is coloured", async () => {
  const { stdout } = await run(["plan", "/shoe\u001b[2J.jpg", "nonsense"]);
  expect(stdout).not.toContain("\u001b");
});
