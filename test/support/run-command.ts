/** The built command, run as a process of its own. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
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
  /** Runs it, and interrupts it as soon as this is settled: as Ctrl-C does, or by these signals, each after the other. */
  readonly interrupt: (
    words: readonly string[],
    when: (child: ChildProcessWithoutNullStreams) => Promise<unknown>,
    options?: {
      readonly env?: Readonly<Record<string, string>>;
      readonly signals?: readonly NodeJS.Signals[] | undefined;
    },
  ) => Promise<Ran>;
  /** Runs it on a terminal, whose output is then on stdout, and types Ctrl-C there as soon as this is settled. */
  readonly interruptOnTerminal: (
    words: readonly string[],
    when: (child: ChildProcessWithoutNullStreams) => Promise<unknown>,
    env: Readonly<Record<string, string>>,
  ) => Promise<Ran>;
  /** Runs a script of the shell in which `purge-desk` is the command. */
  readonly shell: (script: string, env: Readonly<Record<string, string>>) => Promise<Ran>;
  readonly remove: () => Promise<void>;
};

export async function buildCommand(): Promise<BuiltCommand> {
  await mkdir(dist, { recursive: true });
  // Two folders below package.json, as in the package.
  const folder = await mkdtemp(join(dist, "command-"));
  const file = await bundleCommandLine(folder);
  await mkdir(join(folder, "bin"));
  await symlink(file, join(folder, "bin/purge-desk"));
  const PATH = `${join(folder, "bin")}:${process.env["PATH"]}`;
  const start = (
    words: readonly string[],
    env: Readonly<Record<string, string>>,
    program = ["purge-desk"],
  ) => {
    const [name = "", ...first] = program;
    const child = spawn(name, [...first, ...words], { cwd: folder, env: { PATH, ...env } });
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
    interrupt: async (words, when, { env = {}, signals = ["SIGINT" as const] } = {}) => {
      const { child, ended } = start(words, env);
      // It may end before it has read all.
      child.stdin.on("error", () => undefined);
      await when(child);
      for (const signal of signals) child.kill(signal);
      return ended;
    },
    interruptOnTerminal: async (words, when, env) => {
      const terminal = ["script", "--quiet", "--return", "--command"];
      const command = ["purge-desk", ...words].join(" ");
      const { child, ended } = start([command, "/dev/null"], { TERM: "xterm", ...env }, terminal);
      await when(child);
      child.stdin.end("\u0003");
      return ended;
    },
    shell: (script, env) => {
      const { child, ended } = start([script], env, ["bash", "--norc", "-c"]);
      child.stdin.end();
      return ended;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
