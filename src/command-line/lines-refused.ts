import { PurgeDeskError, type RejectedLine } from "../client/client.ts";
import type { SourceOf } from "./read-targets.ts";

/** What Purge Desk said of a request, with where the user wrote its lines. */
export class LinesRefused extends Error {
  override readonly name = "LinesRefused";
  override readonly cause: PurgeDeskError;
  readonly sourceOf: SourceOf;
  /** Lines that were left out of what was accepted before that. */
  readonly rejected: readonly RejectedLine[];

  constructor(cause: PurgeDeskError, sourceOf: SourceOf, rejected: readonly RejectedLine[] = []) {
    super(cause.message);
    this.cause = cause;
    this.sourceOf = sourceOf;
    this.rejected = rejected;
  }
}

/** For `.catch`: lets the failure name lines as the user wrote them. */
export function namingLines(sourceOf: SourceOf): (error: unknown) => never {
  return (error) => {
    throw error instanceof PurgeDeskError ? new LinesRefused(error, sourceOf) : error;
  };
}
