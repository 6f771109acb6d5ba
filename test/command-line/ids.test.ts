// @module-tag slow

import { expect, test } from "vitest";
import { commandDesk } from "../support/command-desk.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const boot = "https://ik.imagekit.io/demo/boot.jpg";
const time = { now: Date.now() };
const desk = commandDesk({ time });
const { run } = desk;
const batchIn = (output: string) => /b_[0-9a-z]{26}/.exec(output)?.[0] ?? "";
/** Status checks are due as soon as ImageKit has accepted the purges. */
const completeSoon = () => {
  time.now += 10_000;
};

test("status shows the newest purges, a batch, or a purge with its timeline", async () => {
  const id = batchIn((await run(["purge", shoe, boot])).stdout);
  const list = await run(["status"]);
  expect(list.stdout).toMatch(/^p_\S+ +pending +https:.*\np_\S+ +pending +https:.*\n$/);
  const purgeId = /p_[0-9a-z]{26}/.exec(list.stdout)?.[0] ?? "";
  expect((await run(["status", id])).stdout).toContain(purgeId);
  expect((await run(["status", purgeId])).stdout).toMatch(/queued +purge-actor/);
  expect(JSON.parse((await run(["status", purgeId, id, "--json"])).stdout)).toMatchObject([
    { id: purgeId },
    { id },
  ]);
});

test.each([["status"], ["wait"]])("%s names every id that is unknown", async (name) => {
  const known = batchIn((await run(["purge", shoe])).stdout);
  completeSoon();
  const unknown = ["b_00000000000000000000000001", "b_00000000000000000000000002"] as const;
  const said = `Purge Desk does not know ${unknown.join(", ")}. (not-found)\n`;
  expect(await run([name, unknown[0], known, unknown[1]])).toEqual({ code: 1, stdout: "", stderr: said });
});

test("status and wait take ids from stdin, one a line", async () => {
  const [one, two] = [
    batchIn((await run(["purge", shoe])).stdout),
    batchIn((await run(["purge", boot])).stdout),
  ];
  completeSoon();
  const lines = `# of today\n${one}\r\n\n ${two}\n`;
  expect(await run(["wait", "-"], lines)).toMatchObject({
    code: 0,
    stdout: "Cleared: 2 of 2 purges completed.\n",
  });
  const { stdout } = await run(["status", "-", "--json"], lines);
  expect(JSON.parse(stdout)).toMatchObject([{ id: one }, { id: two }]);
});

test.each([
  ["status", "# none\n", "stdin has no ids: give them one a line\n"],
  ["wait", "\n", "stdin has no ids: give them one a line\n"],
  ["wait", "b_00000000000000000000000000\n".repeat(401), "stdin has 401 ids: give at most 400 at once\n"],
])("%s asks for nothing if stdin has no ids, or too many", async (name, stdin, stderr) => {
  expect(await run([name, "-"], stdin)).toEqual({ code: 2, stdout: "", stderr });
  expect(desk.served.arrivals).toEqual([]);
});
