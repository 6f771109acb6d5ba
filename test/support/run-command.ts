/** The command line, in the test's own process, and built as a process of its own. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { bundleCommandLine } from "../../src/build/package-parts.ts";
import { runCommand } from "../../src/command-line/run-command.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Variables = Readonly<Record<string, string>>;

type Given = { readonly env?: Variables; readonly stdin?: string };

/** Runs the command in this process. A start costs a hundred times as much, and what most tests look at does not need it. */
export async function runHere(words: readonly string[], { env = {}, stdin = "" }: Given = {}): Promise<Ran> {
  const streams = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const output = Promise.all([text(streams.stdout), text(streams.stderr)]);
  const code = await runCommand(words, () => env, streams);
  streams.stdout.end();
  streams.stderr.end();
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

export type BuiltCommand = {
  readonly run: (words: readonly string[], options?: Given) => Promise<Ran>;
  /** Runs it, and interrupts it as soon as this is settled: as Ctrl-C does, or by these signals, each after the other. */
  readonly interrupt: (
    words: readonly string[],
    when: (child: ChildProcessWithoutNullStreams) => Promise<unknown>,
    options?: { readonly env?: Variables; readonly signals?: readonly NodeJS.Signals[] | undefined },
  ) => Promise<Ran>;
  /** Runs it on a terminal, whose output is then on stdout, and types Ctrl-C there as soon as this is settled. */
  readonly interruptOnTerminal: (
    words: readonly string[],
    when: (child: ChildProcessWithoutNullStreams) => Promise<unknown>,
    env: Variables,
  ) => Promise<Ran>;
  /** Runs a script of the shell in which `purge-desk` is the command. */
  readonly shell: (script: string, env: Variables) => Promise<Ran>;
  readonly remove: () => Promise<void>;
};

/** Builds the command, to be started in this folder. */
export async function buildCommand(folder: string): Promise<BuiltCommand> {
  await mkdir(dist, { recursive: true });
  // Two folders below package.json, as in the package.
  const built = await mkdtemp(join(dist, "command-"));
  await mkdir(join(folder, "bin"));
  await symlink(await bundleCommandLine(built), join(folder, "bin/purge-desk"));
  const PATH = `${join(folder, "bin")}:${process.env["PATH"]}`;
  const start = (words: readonly string[], env: Variables, program = ["purge-desk"]) => {
    const [name = "", ...first] = program;
    const child = spawn(name, [...first, ...words], { cwd: folder, env: { PATH, ...env } });
    const output = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    const ended = output.then(([stdout, stderr]) => ({ code: child.exitCode, stdout, stderr }));
    return { child, ended };
  };
  return {
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
    remove: () => rm(built, { recursive: true }),
  };
}
