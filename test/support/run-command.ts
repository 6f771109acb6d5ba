/** The built command, run as a process of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { bundleCommandLine } from "../../src/build/package-parts.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type BuiltCommand = {
  /** A folder of its own, in which it runs: it has no .env. */
  readonly folder: string;
  readonly run: (
    words: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string },
  ) => Promise<Ran>;
  /** Runs it, and interrupts it as Ctrl-C does once it has written this to stderr. */
  readonly interrupt: (
    words: readonly string[],
    after: string,
    env: Readonly<Record<string, string>>,
  ) => Promise<Ran>;
  readonly remove: () => Promise<void>;
};

export async function buildCommand(): Promise<BuiltCommand> {
  await mkdir(dist, { recursive: true });
  // Two folders below package.json, as in the package.
  const folder = await mkdtemp(join(dist, "command-"));
  const file = await bundleCommandLine(folder);
  const start = (words: readonly string[], env: Readonly<Record<string, string>>) => {
    const { PATH = "" } = process.env;
    const child = spawn(process.execPath, [file, ...words], { cwd: folder, env: { PATH, ...env } });
    const output = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    const ended = output.then(([stdout, stderr]) => ({ code: child.exitCode, stdout, stderr }));
    return { child, ended };
  };
  return {
    folder,
    run: (words, { env = {}, stdin = "" } = {}) => {
      const { child, ended } = start(words, env);
      child.stdin.end(stdin);
      return ended;
    },
    interrupt: (words, after, env) => {
      const { child, ended } = start(words, env);
      child.stdin.end();
      let seen = "";
      child.stderr.on("data", function interrupt(bytes: Buffer) {
        seen += bytes.toString();
        if (!seen.includes(after)) return;
        // A second one would end it at once.
        child.stderr.off("data", interrupt);
        child.kill("SIGINT");
      });
      return ended;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
