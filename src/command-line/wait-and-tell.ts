import { type Progress, type PurgeDesk, PurgeDeskError, type Submission } from "../client/client.ts";
import { purgeTable } from "./describe-purges.ts";
import { accountOf } from "./describe-submission.ts";
import { exitCodes } from "./exit-codes.ts";
import { invocation } from "./invocation.ts";
import { LinesRefused } from "./lines-refused.ts";
import { asJson, print, printLine } from "./print.ts";
import { progressLine } from "./progress-line.ts";
import { readAll } from "./read-all.ts";
import { type SourceOf, withSource } from "./read-targets.ts";
import type { Session } from "./session.ts";
import { type Paint, painter, plural } from "./terminal.ts";

/** As long as ImageKit advises to wait before asking its support. */
export const defaultSeconds = 15 * 60;

/** Waits with a progress bar, says how it ended, and sets the exit code. Ctrl-C says what goes on without it. */
export async function waitAndTell(
  desk: PurgeDesk,
  what: Submission | readonly string[],
  { timeout, json }: { readonly timeout: number; readonly json?: true },
  { streams, takeInterrupt, exitWith }: Session,
  sourceOf: SourceOf = (line) => `line ${line}`,
): Promise<void> {
  // What was paid, and what was left out, must be in the output however the wait ends.
  const told = "key" in what && { key: what.key, rejected: what.rejected.map(withSource(sourceOf)) };
  const { stdout, stderr } = streams;
  const signal = takeInterrupt();
  const line = progressLine(stderr);
  try {
    const onProgress = (progress: Progress) => json || line.show(progress);
    const progress = await desk.wait(what, { signal, timeoutMs: timeout * 1000, onProgress });
    line.end();
    if (json) {
      const isPrinted = await print(stdout, `${asJson({ ...progress, ...told })}\n`);
      // Without --json it was said before the wait.
      if (!isPrinted && "key" in what) printLine(stderr, accountOf(what));
    } else {
      const left = "rejected" in what ? what.rejected.length : 0;
      printLine(stdout, describe(progress, timeout, left, painter(stdout)));
    }
    exitWith(!progress.done ? exitCodes.open : progress.cleared ? exitCodes.done : exitCodes.notCleared);
  } catch (error) {
    line.end();
    if (!(error instanceof PurgeDeskError)) throw error;
    if ("key" in what) {
      error.batches = what.batches;
      error.key = what.key;
    }
    // The answer says only that one of them is unknown.
    if (error.code === "not-found" && Array.isArray(what))
      await readAll(what, (id) => desk.batch(id, { signal }));
    if (json || error.code !== "aborted")
      throw told ? new LinesRefused(error, sourceOf, told.rejected) : error;
    const ids = "batches" in what ? what.batches.map(({ id }) => id) : what;
    printLine(
      stderr,
      `No longer waiting. The purges go on without this. To wait again: ${invocation} wait ${ids.join(" ")}`,
    );
    exitWith(exitCodes.interrupted);
  }
}

function describe(
  { done, cleared, purges, completed, notCleared }: Progress,
  timeout: number,
  rejected: number,
  paint: Paint,
): string {
  const count = `${completed} of ${plural(purges.length, "purge")} completed`;
  if (cleared) return paint("green", `Cleared: ${count}.`);
  if (done) {
    const left = rejected === 0 ? "" : ` ${plural(rejected, "line")} not sent.`;
    const rows = notCleared.length === 0 ? [] : [purgeTable(notCleared, paint)];
    return [paint("red", `Ended, and not everything was cleared: ${count}.${left}`), ...rows].join("\n");
  }
  const open = purges.filter(({ state }) => !/^(completed|refused|cancelled|abandoned)$/.test(state));
  const still = paint("yellow", `Still open after ${timeout} s: ${count}. It goes on.`);
  return [still, purgeTable(open, paint)].join("\n");
}
