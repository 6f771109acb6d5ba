/** A Purge Desk that the command asks, for all tests of a file. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import { tokens } from "./app.ts";
import { type BuiltCommand, buildCommand, type Ran, runHere, type Variables } from "./run-command.ts";
import { type ServedDesk, serveDesk } from "./served-desk.ts";

export type CommandDesk = {
  readonly served: ServedDesk;
  /** A folder of the tests. It has no .env. */
  readonly folder: string;
  /** What names Purge Desk and a caller. */
  readonly env: (token?: string) => Variables;
  /** What names Purge Desk's ledger. */
  readonly ledgerEnv: () => Variables;
  /** Runs the command in the test's own process, as a caller. */
  readonly run: (words: readonly string[], stdin?: string) => Promise<Ran>;
};

/** Starts it before the file's tests, and empties the ledger before each. */
export function commandDesk(options: Parameters<typeof serveDesk>[0] = {}): CommandDesk {
  let started: { readonly served: ServedDesk; readonly folder: string } | undefined;
  beforeAll(async () => {
    // It would colour what tests read.
    vi.stubEnv("FORCE_COLOR", undefined);
    const folder = await mkdtemp(join(tmpdir(), "purge-desk-command-"));
    started = { served: await serveDesk(options), folder };
  });
  beforeEach(() => started?.served.reset());
  afterAll(async () => {
    vi.unstubAllEnvs();
    if (started === undefined) return;
    await started.served.close();
    await rm(started.folder, { recursive: true });
  });
  const get = () => {
    if (started === undefined) throw new Error("It starts before the first test");
    return started;
  };
  const env = (token: string = tokens.purge) => ({
    PURGE_DESK_URL: get().served.url,
    PURGE_DESK_TOKEN: token,
  });
  return {
    get served() {
      return get().served;
    },
    get folder() {
      return get().folder;
    },
    env,
    ledgerEnv: () => ({
      UPSTASH_REDIS_REST_URL: get().served.redis.url,
      UPSTASH_REDIS_REST_TOKEN: get().served.redis.token,
      IMAGEKIT_API_BASE_URL: "http://imagekit.test",
    }),
    run: (words, stdin = "") => runHere(words, { env: env(), stdin }),
  };
}

export type CommandProcess = {
  /** Runs it as a caller, unless it gets other variables. */
  readonly run: BuiltCommand["run"];
  readonly interrupt: BuiltCommand["interrupt"];
  readonly interruptOnTerminal: (
    words: readonly string[],
    when: Parameters<BuiltCommand["interruptOnTerminal"]>[1],
  ) => Promise<Ran>;
  /** Runs a script of the shell in which `purge-desk` is the command. */
  readonly shell: (script: string, env?: Variables) => Promise<Ran>;
};

/** The built command in the desk's folder, as a process of its own: for signals, terminals, pipes and full disks. */
export function commandProcess(desk: CommandDesk): CommandProcess {
  let command: BuiltCommand | undefined;
  beforeAll(async () => {
    command = await buildCommand(desk.folder);
  });
  afterAll(() => command?.remove());
  const get = () => {
    if (command === undefined) throw new Error("It is built before the first test");
    return command;
  };
  return {
    run: (words, given) => get().run(words, { env: desk.env(), ...given }),
    interrupt: (words, when, given) => get().interrupt(words, when, { env: desk.env(), ...given }),
    interruptOnTerminal: (words, when) => get().interruptOnTerminal(words, when, desk.env()),
    shell: (script, more = {}) => get().shell(script, { ...desk.env(), TERM: "xterm", ...more }),
  };
}
