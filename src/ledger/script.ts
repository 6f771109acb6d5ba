import { callerRate } from "./lua/caller-rate.ts";
import { frameEnd, frameStart } from "./lua/frame.ts";

/**
 * A Lua script of the ledger: shared pieces, then its own lines. All text is constant: nothing is interpolated, so
 * its SHA-1 never changes and Redis keeps it. Read it with `luaReader`.
 */
export type Script = { readonly name: string; readonly source: string };

export function script(name: string, pieces: readonly string[], own: string): Script {
  return { name, source: [...pieces, callerRate, frameStart, own, frameEnd].join("") };
}

/** Runs a script with its input; gives the flat reply, first word first. Throws LedgerUnavailable, CallerRateLimited. */
export type RunScript = (script: Script, input: unknown) => Promise<readonly string[]>;
