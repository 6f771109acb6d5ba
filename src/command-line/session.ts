import type { Environment } from "../config.ts";
import type { ExitCode } from "./exit-codes.ts";

/** What every command gets. */
export type Session = {
  readonly env: () => Environment;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** What the command's exit code will be, unless it fails. */
  readonly exitWith: (code: ExitCode) => void;
};
