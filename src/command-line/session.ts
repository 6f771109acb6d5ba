import type { Environment } from "../config.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Streams } from "./streams.ts";

/** What every command gets. */
export type Session = {
  readonly streams: Streams;
  readonly env: () => Environment;
  /**
   * Ctrl-C, or another signal that ends a process, ends a command at once. From here on it only aborts this signal: the
   * command says what goes on without it. A second one ends the process.
   */
  readonly takeInterrupt: () => AbortSignal;
  /** What Ctrl-C says from here on. */
  readonly onInterruptSay: (advice: string) => void;
  /** What the command's exit code will be, unless it fails. */
  readonly exitWith: (code: ExitCode) => void;
};
