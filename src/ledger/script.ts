import { scripts, texts } from "./scripts/generated.ts";

/** A decision of the ledger: a file of `scripts/`. */
export type ScriptName = keyof typeof scripts;

/**
 * Runs a script with its input and gives its flat reply, which begins with a word. Throws LedgerUnavailable, LedgerInDoubt,
 * RequestTooLarge and TooManyRequests.
 */
export type RunScript = (script: ScriptName, input: unknown) => Promise<readonly string[]>;

/** The hash under which Redis keeps a script once it has run. */
export function hashOf(script: ScriptName): string {
  return scripts[script].sha1;
}

/** The whole text of a script. It never varies, so Redis keeps one copy. */
export function sourceOf(script: ScriptName): string {
  return scripts[script].parts.map((part) => texts[part]).join("\n");
}
