import { PurgeDeskError, type RejectedLine } from "../client/client.ts";
import { CannotStart } from "../local/cannot-start.ts";
import { printable } from "../local/printable.ts";
import { acceptedBefore, runAgain } from "./describe-submission.ts";
import { type ExitCode, exitCodeOf, exitCodes, Interrupted, Refused, UsageError } from "./exit-codes.ts";
import { LinesRefused } from "./lines-refused.ts";
import { isOfOptions, reasonsOf, rejectedIn, sentenceOf } from "./name-lines.ts";
import { asJson, print, printLine } from "./print.ts";
import { type SourceOf, withSource } from "./read-targets.ts";
import type { Streams } from "./streams.ts";
import { type Paint, painter } from "./terminal.ts";

/**
 * Says what failed, to a person on stderr, to a program on stdout, and gives the exit code. What a program cannot be told,
 * because stdout is lost, is said on stderr: there may be a key in it. Throws on what is a bug.
 */
export async function tellFailure(
  error: unknown,
  { stdout, stderr }: Streams,
  { isJson }: { readonly isJson: boolean },
): Promise<ExitCode> {
  const { exitCode, said, json } = describeFailure(error, painter(stderr));
  const isTold = isJson && (await print(stdout, `${asJson({ error: json })}\n`));
  if (!isTold) printLine(stderr, said);
  return exitCode;
}

function describeFailure(error: unknown, paint: Paint) {
  if (error instanceof LinesRefused)
    return describeProblem(error.cause, paint, error.sourceOf, error.rejected);
  if (error instanceof PurgeDeskError) return describeProblem(error, paint, (line) => `line ${line}`);
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  const { code, exitCode } = kindOf(error);
  return { exitCode, said: paint("red", message), json: { code, message } };
}

/** The failures that are no bugs. */
function kindOf(error: Error): { readonly code: string; readonly exitCode: ExitCode } {
  if (error instanceof UsageError) return { code: "usage", exitCode: exitCodes.usage };
  if (error instanceof Refused) return { code: "refused", exitCode: exitCodes.refused };
  if (error instanceof CannotStart) return { code: "unavailable", exitCode: exitCodes.unavailable };
  if (error instanceof Interrupted) return { code: "aborted", exitCode: exitCodes.interrupted };
  throw error;
}

function describeProblem(
  error: PurgeDeskError,
  paint: Paint,
  sourceOf: SourceOf,
  rejected: readonly RejectedLine[] = [],
) {
  const { code, problem, batches, key } = error;
  const exitCode = isOfOptions(error) ? exitCodes.usage : exitCodeOf(error);
  const lines = problem?.lines ?? [];
  const message = sentenceOf(error, sourceOf);
  // After a part was paid for, whatever stopped the rest.
  const isWorthKeeping =
    batches.length > 0 || (exitCode !== exitCodes.refused && exitCode !== exitCodes.usage);
  const said = [
    paint("red", code === "aborted" ? "Interrupted." : `${printable(message)} (${code})`),
    ...rejectedIn(lines).flatMap((bad) => [
      `  ${sourceOf(bad.line)}  ${printable(bad.input)}`,
      ...reasonsOf(bad).map((reason) => `     ${printable(reason)}`),
    ]),
    ...(batches.length === 0 ? [] : [acceptedBefore(batches)]),
    ...(key !== undefined && isWorthKeeping ? [runAgain(key)] : []),
  ].join("\n");
  const named = withSource(sourceOf);
  const withSources = lines.map((line) => (typeof line === "object" ? named(line) : line));
  return {
    exitCode,
    said,
    json: {
      code,
      message,
      key,
      batches,
      ...(rejected.length > 0 && { rejected }),
      problem: problem?.lines ? { ...problem, lines: withSources } : problem,
    },
  };
}
