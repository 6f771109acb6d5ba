/** Netlify's command line and emulator, which npx installs once for all smoke tests; and what these tests say. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

let program: string | undefined;

/** The path of the command. Each start through npx takes the processor three seconds longer. */
function netlify(): string {
  const words = ["exec", "--yes", "--package", "netlify-cli@26.2.0", "--call", "command -v netlify"];
  program ??= execFileSync("npm", words, { encoding: "utf8" }).trim();
  return program;
}

/** Starts one of its commands, in this repository or in another folder. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = process.cwd(),
): ChildProcess {
  const options = { cwd, env: { ...process.env, ...env }, stdio: "pipe", detached: true } as const;
  const child = spawn(netlify(), args, options);
  const show = (chunk: Buffer) => process.env["SMOKE_VERBOSE"] && process.stderr.write(chunk);
  child.stdout?.on("data", show);
  child.stderr?.on("data", show);
  return child;
}

/** With everything that it started. */
export function stop(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
}

/** Runs a scheduled function at once: the emulator calls it as a schedule does, whatever the request is. */
export async function sweepNow(site: string, name: string): Promise<void> {
  const answer = await fetch(`${site}/.netlify/functions/${name}`, { method: "POST" });
  if (!answer.ok)
    throw new Error(`the emulator answers ${answer.status} for ${name}: ${await answer.text()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  return port;
}

export async function until(what: string, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isSo().catch(() => false)) return console.log(`ok  ${what}`);
    await sleep(500);
  }
  throw new Error(`not so within ${withinMs / 1000} s: ${what}`);
}

export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) {
    throw new Error(`${what}: saw ${JSON.stringify(seen)}, expected ${JSON.stringify(expected)}`);
  }
  console.log(`ok  ${what}`);
}
