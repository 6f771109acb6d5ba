import type { Batch, PlanLine, Problem } from "./generated.ts";

/** What an answer of Purge Desk says (`budget-exhausted`, `invalid-urls`, …), or what the client itself found. */
export type PurgeDeskErrorCode =
  | Problem["code"]
  /** No usable answer came, at the last try too: no connection, a time-out, a gateway's error. */
  | "unreachable"
  /** The answer is not Purge Desk's: the URL is probably wrong. */
  | "unexpected-answer"
  /** The URL or the token is missing, or cannot be one. */
  | "not-configured"
  /** Your `signal` was aborted; its reason is the `cause`. */
  | "aborted";

type Details = {
  readonly problem?: Problem | undefined;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
};

/**
 * The one error that the client throws. Go by its `code`; `message` is for people, and says what is wrong with the first bad
 * line.
 */
export class PurgeDeskError extends Error {
  override readonly name = "PurgeDeskError";
  readonly code: PurgeDeskErrorCode;
  /** The whole problem (RFC 9457) if Purge Desk answered with one: with its lines, the budget and so on. */
  readonly problem: Problem | undefined;
  /** The status of the answer, if there was one. */
  readonly status: number | undefined;
  /** How long the answer asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Of `purge`: the batches that were accepted before the one that failed. Their purges go on. */
  batches: readonly Batch[] = [];
  /** Of `purge`: the key. With it, calling `purge` again is safe: nothing that was accepted is purged twice. */
  key: string | undefined;

  constructor(
    code: PurgeDeskErrorCode,
    message: string,
    { problem, status, retryAfterMs, cause }: Details = {},
  ) {
    const bad = badLineIn(problem);
    // Many people see nothing but the message.
    super(bad ? `${message} Line ${bad.line}: ${bad.violations[0]?.message}` : message, { cause });
    this.code = code;
    this.problem = problem;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The first bad line that a problem names. */
export function badLineIn(
  problem: Problem | undefined,
): Extract<PlanLine, { verdict: "rejected" }> | undefined {
  for (const line of problem?.lines ?? []) {
    if (typeof line === "object" && line.verdict === "rejected") return line;
  }
  return undefined;
}
