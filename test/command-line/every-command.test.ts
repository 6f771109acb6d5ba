// @module-tag slow

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { commandDesk, commandProcess } from "../support/command-desk.ts";
import type { Ran } from "../support/run-command.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
const desk = commandDesk();
const { run } = commandProcess(desk);
const withLedger = (words: readonly string[], stdin = "") => run(words, { env: desk.ledgerEnv(), stdin });

/** Every command that has --json, and how it ends. */
const commands: Readonly<Record<string, readonly [exitCode: number, run: () => Promise<Ran>]>> = {
  plan: [0, () => run(["plan", shoe, "--json"])],
  purge: [0, () => run(["purge", shoe, "--json"])],
  wait: [
    5,
    async () => {
      const { batches } = JSON.parse((await desk.run(["purge", shoe, "--json"])).stdout);
      return run(["wait", batches[0].id, "--timeout", "0", "--json"]);
    },
  ],
  status: [0, () => run(["status", "--json"])],
  budget: [0, () => run(["budget", "--json"])],
  profiles: [0, () => run(["profiles", "--json"])],
  token: [0, () => run(["token", "shop", "read", "--json"])],
  doctor: [0, () => run(["doctor", "--json"])],
  import: [
    0,
    async () => {
      await desk.run(["purge", shoe]);
      const { stdout } = await withLedger(["export", "-"]);
      await desk.served.redis.flush();
      return withLedger(["import", "-", "--json"], stdout);
    },
  ],
  // What it writes is there in the package only, and is tested with it.
  assets: [2, () => run(["assets", "/dev/null/assets", "--json"])],
};

test("every command that the program's help names has a help of its own, and --json unless it writes JSON anyway", async () => {
  const { stdout } = await desk.run(["--help"]);
  const names = [...stdout.matchAll(/^ {2}([a-z]+)(?= [[<]| {2})/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "help");
  expect(names).toContain("plan");
  const helps: Ran[] = [];
  for (const name of names) helps.push(await desk.run([name, "--help"]));
  expect(helps.map(({ code, stdout }) => [code, /^Usage: purge-desk ([a-z]+) /.exec(stdout)?.[1]])).toEqual(
    names.map((name) => [0, name]),
  );
  const hasJson = names.filter((_, index) => /^ +--json /m.test(helps[index]?.stdout ?? ""));
  expect(names.filter((name) => !hasJson.includes(name))).toEqual(["export"]);
  expect(hasJson.sort()).toEqual(Object.keys(commands).sort());
});

test("a mistake in the call is JSON on stdout too, with --json", async () => {
  const { code, stdout } = await desk.run(["wait", "b_1", "--timeout", "soon", "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: "usage", message: expect.stringMatching(/^option '--timeout .* whole number of seconds/) },
  });
});

test.each(Object.entries(commands))(
  "%s --json prints one JSON document, and nothing beside it",
  async (_, [exitCode, end]) => {
    const { code, stdout, stderr } = await end();
    expect([code, stderr]).toEqual([exitCode, ""]);
    expect(JSON.parse(stdout)).toBeInstanceOf(Object);
  },
);

test(".env may have the settings, and the environment wins over it", async () => {
  const file = join(desk.folder, ".env");
  await writeFile(file, `PURGE_DESK_URL=${desk.served.url}\nPURGE_DESK_TOKEN=${tokens.purge}\n`);
  const ofFile = await run(["budget"], { env: {} });
  const ofEnvironment = await run(["budget"], { env: { PURGE_DESK_TOKEN: "pd_wrong" } });
  await rm(file);
  expect(ofFile).toMatchObject({ code: 0, stdout: expect.stringMatching(/available +1,000\n/) });
  expect(ofEnvironment).toMatchObject({ code: 1, stderr: expect.stringContaining("(unauthorized)") });
});
