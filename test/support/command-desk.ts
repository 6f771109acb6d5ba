/** The built command beside a Purge Desk that it asks, for all tests of a file. */

import { afterAll, beforeAll, beforeEach } from "vitest";
import { tokens } from "./app.ts";
import { type BuiltCommand, buildCommand, type Ran } from "./run-command.ts";
import { type ServedDesk, serveDesk } from "./served-desk.ts";

type Variables = Readonly<Record<string, string>>;

export type CommandDesk = {
  readonly served: ServedDesk;
  readonly command: BuiltCommand;
  /** What names Purge Desk and a caller. */
  readonly env: (token?: string) => Variables;
  /** What names Purge Desk's ledger. */
  readonly ledgerEnv: () => Variables;
  readonly run: (words: readonly string[], stdin?: string) => Promise<Ran>;
  readonly interrupt: (
    words: readonly string[],
    when: Parameters<BuiltCommand["interrupt"]>[1],
    signals?: readonly NodeJS.Signals[],
  ) => Promise<Ran>;
  /** Runs a script of the shell in which `purge-desk` is the command. */
  readonly shell: (script: string, env?: Variables) => Promise<Ran>;
};

/** Starts both before the file's tests, and empties the ledger before each. */
export function commandDesk(options: Parameters<typeof serveDesk>[0] = {}): CommandDesk {
  let started: { readonly served: ServedDesk; readonly command: BuiltCommand } | undefined;
  beforeAll(async () => {
    const [served, command] = await Promise.all([serveDesk(options), buildCommand()]);
    started = { served, command };
  });
  beforeEach(() => started?.served.reset());
  afterAll(async () => {
    await started?.served.close();
    await started?.command.remove();
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
    get command() {
      return get().command;
    },
    env,
    ledgerEnv: () => ({
      UPSTASH_REDIS_REST_URL: get().served.redis.url,
      UPSTASH_REDIS_REST_TOKEN: get().served.redis.token,
      IMAGEKIT_API_BASE_URL: "http://imagekit.test",
    }),
    run: (words, stdin = "") => get().command.run(words, { env: env(), stdin }),
    interrupt: (words, when, signals) => get().command.interrupt(words, when, { env: env(), signals }),
    shell: (script, more = {}) => get().command.shell(script, { ...env(), TERM: "xterm", ...more }),
  };
}
