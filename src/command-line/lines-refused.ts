import { PurgeDeskError } from "../client/client.ts";
import type { SourceOf } from "./read-targets.ts";

/** What Purge Desk said of a request, with where the user wrote its lines. */
export class LinesRefused extends Error {
  override readonly name = "LinesRefused";
  override readonly cause: PurgeDeskError;
  readonly sourceOf: SourceOf;

  constructor(cause: PurgeDeskError, sourceOf: SourceOf) {
    super(cause.message);
    this.cause = cause;
    this.sourceOf = sourceOf;
  }
}

/** For `.catch`: lets the failure name lines as the user wrote them. */
export function namingLines(sourceOf: SourceOf): (error: unknown) => never {
  return (error) => {
    throw error instanceof PurgeDeskError ? new LinesRefused(error, sourceOf) : error;
  };
}
