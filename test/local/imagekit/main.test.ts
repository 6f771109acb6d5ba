// @module-tag slow

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type BundledPrograms, bundlePrograms } from "../../support/bundled-programs.ts";
import { basic, demo, simulator } from "./simulator.ts";

let bundled: BundledPrograms;
beforeAll(async () => {
  bundled = await bundlePrograms("src/local/imagekit", ["main.ts"]);
});
afterAll(() => bundled?.remove());

/** The program of `npm run imagekit`. */
function run(...flags: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [bundled.file("main.ts"), ...flags], { stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function untilSaid(child: ChildProcess, words: RegExp): Promise<string> {
  let said = "";
  for await (const part of child.stdout?.setEncoding("utf8").iterator({ destroyOnReturn: false }) ?? []) {
    said += part;
    if (words.test(said)) return said;
  }
  throw new Error(`ended, having said: ${said}`);
}

async function ended(child: ChildProcess): Promise<{ readonly code: unknown; readonly complaint: string }> {
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    complaint += part;
  });
  const [code] = await once(child, "close");
  return { code, complaint };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "the program starts, answers with the settings of its flags, and ends cleanly on %s",
  async (signal) => {
    const child = run("--port", "0", "--key", "private_mine", "--pending-ms", "never", "--quota", "1");
    const said = await untilSaid(child, /Ctrl-C/);
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
    expect(said).toContain("private_mine");
    const purge = () =>
      fetch(`${url}/v1/files/purge`, {
        method: "POST",
        headers: { authorization: basic("private_mine") },
        body: JSON.stringify({ url: `${demo}/a.jpg` }),
      });
    expect([(await purge()).status, (await purge()).status]).toEqual([201, 403]);
    expect(await (await fetch(`${url}/_control/settings`)).json()).toMatchObject({
      pendingMs: "never",
      quota: 1,
    });
    const end = ended(child);
    child.kill(signal);
    expect(await end).toEqual({ code: 0, complaint: "" });
  },
);

test("a port in use is one clear message", async () => {
  const { port } = await simulator();
  expect(await ended(run("--port", String(port)))).toEqual({
    code: 1,
    complaint: `Port ${port} is in use. Choose another with --port, or 0 for any free one.\n`,
  });
});

test.each([
  ["--port", "many"],
  ["--pending-ms", "9-1"],
  ["--quota", "-1"],
  ["--colour", "red"],
])("%s %s is refused with the usage", async (...flags) => {
  const { code, complaint } = await ended(run(...flags));
  expect(code).toBe(2);
  expect(complaint).toContain("usage: npm run imagekit");
});
