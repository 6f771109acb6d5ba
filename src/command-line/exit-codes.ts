import type { PurgeDeskError } from "../client/client.ts";

/** What the command's exit code says, for scripts. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  /** Everything ended, and not everything was cleared. */
  notCleared: 3,
  unavailable: 4,
  /** The time was over first. */
  open: 5,
  /** Ctrl-C, as shells have it, or another signal that ends a process. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake in how the command was called. Its message says what would pass. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command did nothing, for a reason that its message says. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** A signal ended the command. Its message says what to do about what was begun. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export function exitCodeOf({ code }: PurgeDeskError): ExitCode {
  switch (code) {
    case "not-configured":
    // The one header that a command's caller chooses is --key.
    case "invalid-header":
      return exitCodes.usage;
    case "aborted":
      return exitCodes.interrupted;
    case "unreachable":
    case "unexpected-answer":
    case "ledger-unavailable":
    case "rate-limited":
    case "internal":
    case "body-timeout":
    case "not-live":
    case "misconfigured":
      return exitCodes.unavailable;
    default:
      return exitCodes.refused;
  }
}
