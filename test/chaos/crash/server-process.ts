import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import * as z from "zod";
import type { Environment } from "../../../src/config.ts";
import { adminToken } from "../environment.ts";

/** A purge, a status check, or a reading of the edge. */
export type Called = "POST" | "GET" | "HEAD";

export type ServerProcess = {
  /** Sends a request as the one admin; rejects if the process dies meanwhile. */
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
  readonly sweep: () => Promise<Response>;
  /** How far its time is ahead of ours. */
  readonly setAhead: (aheadMs: number) => Promise<void>;
  /** Stops forever at its next call of this kind; `stopped` resolves when it gets there. */
  readonly stopAt: (at: "before-call" | "after-call", of: Called) => Promise<void>;
  readonly stopped: Promise<void>;
  /** Sends SIGKILL; resolves once the process is gone. */
  readonly kill: () => Promise<void>;
};

export type ServerProgram = {
  readonly start: (env: Environment) => Promise<ServerProcess>;
  readonly close: () => Promise<void>;
};

const portMessage = z.object({ port: z.number() });
const stoppedMessage = z.object({ stoppedAt: z.string() });

/** Bundles the server once, so that each start takes a fraction of a second. */
export async function bundleServer(): Promise<ServerProgram> {
  const folder = await mkdtemp(join(tmpdir(), "purge-desk-server-"));
  const file = join(folder, "server.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "server-main.ts")],
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    logLevel: "error",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return { start: (env) => start(file, env), close: () => rm(folder, { recursive: true, force: true }) };
}

async function start(file: string, env: Environment): Promise<ServerProcess> {
  const child = fork(file, { env: { ...env }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const port = await messageOf(child, (message) => portMessage.safeParse(message).data?.port);
  const base = `http://127.0.0.1:${port}`;
  const order = async (message: object) => {
    const done = messageOf(child, (reply) => (stoppedMessage.safeParse(reply).success ? undefined : true));
    child.send(message);
    await done;
  };
  const call = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("Authorization")) headers.set("Authorization", `Bearer ${adminToken}`);
    return fetch(base + path, { ...init, headers });
  };
  return {
    call,
    sweep: () => call("/sweep", { method: "POST" }),
    setAhead: (aheadMs) => order({ aheadMs }),
    stopAt: (at, of) => order({ stopAt: at, of }),
    stopped: new Promise((resolve) => {
      child.on("message", (message) => {
        if (stoppedMessage.safeParse(message).success) resolve();
      });
    }),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The first message of the expected kind; rejects if the process ends first. */
function messageOf<T>(child: ChildProcess, read: (message: unknown) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      const value = read(message);
      if (value === undefined) return;
      child.off("message", onMessage).off("exit", onExit);
      resolve(value);
    };
    const onExit = () => reject(new Error("the server process ended"));
    child.on("message", onMessage).once("exit", onExit);
  });
}
