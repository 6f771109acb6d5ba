import type { Command } from "commander";
import type { PurgeRequest, Submission } from "../../client/client.ts";
import { describeRejected, type NamedLine, purgeTable } from "../describe-purges.ts";
import { accountOf, describeAccepted } from "../describe-submission.ts";
import { exitCodes } from "../exit-codes.ts";
import { fetchThatNamesKey } from "../fetch-that-tells.ts";
import { invocation } from "../invocation.ts";
import { namingLines } from "../lines-refused.ts";
import { asJson, print, printLine } from "../print.ts";
import { readTargets, type TargetOptions, withSource } from "../read-targets.ts";
import type { Session } from "../session.ts";
import { type Paint, painter } from "../terminal.ts";
import { defaultSeconds, waitAndTell } from "../wait-and-tell.ts";
import { type DeskOptions, deskCommand, deskOf, seconds, withTargets } from "./options.ts";

type Options = DeskOptions &
  TargetOptions & {
    readonly reason?: string;
    readonly changedAt?: string;
    readonly sendAfter?: string;
    readonly settle?: number;
    readonly skipInvalid?: true;
    readonly sendMistakes?: true;
    readonly hold?: true;
    readonly key?: string;
    readonly wait?: true;
    readonly timeout: number;
  };

export function purgeCommand(session: Session): Command {
  return withTargets(deskCommand("purge"))
    .description("Purge URLs, or images under every URL that pages show them at")
    .option("-r, --reason <text>", "for people, shown with the purges")
    .option("--changed-at <time>", "when the content changed (ISO 8601, with milliseconds)")
    .option("--send-after <time>", "do not send before this time, at most 31 days ahead")
    .option(
      "--settle <seconds>",
      "wait for later requests of the same target, which then share the purge",
      seconds,
    )
    .option("--skip-invalid", "purge the good lines, and leave the bad ones out")
    .option("--send-mistakes", "send lines that are probably a mistake too")
    .option("--hold", "what the budget does not cover waits until it does")
    .option("--key <key>", "name this request: run again with the same key, it is purged once")
    .option("-w, --wait", "wait until everything is cleared")
    .option("--timeout <seconds>", "wait at most this long", seconds, defaultSeconds)
    .action(async (args: readonly string[], options: Options) => {
      const key = options.key ?? crypto.randomUUID();
      const { stdin, stdout, stderr } = session.streams;
      const send = options.key === undefined ? fetchThatNamesKey(key, stderr) : fetch;
      const desk = deskOf(options, session, send);
      const { request: targets, sourceOf } = await readTargets(args, options, stdin);
      const request = requestOf(targets, options);
      const signal = session.takeInterrupt();
      const submission = await desk.purge(request, { key, signal }).catch(namingLines(sourceOf));
      const rejected = submission.rejected.map(withSource(sourceOf));
      if (options.wait) {
        const paint = painter(stderr);
        if (!options.json)
          printLine(stderr, [...describeRejected(rejected, paint), describeAccepted(submission)].join("\n"));
        return waitAndTell(desk, submission, options, session, sourceOf);
      }
      const result = options.json
        ? asJson({ ...submission, rejected })
        : describe(submission, rejected, painter(stdout));
      // What was paid must not be lost.
      if (!(await print(stdout, `${result}\n`))) printLine(stderr, accountOf(submission));
      if (rejected.length > 0) session.exitWith(exitCodes.notCleared);
    });
}

function requestOf(targets: PurgeRequest, options: Options): PurgeRequest {
  const { reason, changedAt, sendAfter, settle, skipInvalid, sendMistakes, hold } = options;
  return {
    ...targets,
    ...(reason !== undefined && { reason }),
    ...(changedAt !== undefined && { changedAt }),
    ...(sendAfter !== undefined && { sendAfter }),
    ...(settle !== undefined && { settleSeconds: settle }),
    ...(skipInvalid && { onInvalid: "skip" }),
    ...(sendMistakes && { onMistake: "send" }),
    ...(hold && { onExhausted: "hold" }),
  };
}

function describe(submission: Submission, rejected: readonly NamedLine[], paint: Paint): string {
  const { batches } = submission;
  const purges = batches.flatMap((batch) => batch.purges);
  const next = `To see when it is cleared: ${invocation} wait ${batches.map(({ id }) => id).join(" ")}`;
  return [
    purgeTable(purges, paint),
    ...describeRejected(rejected, paint),
    describeAccepted(submission),
    next,
  ].join("\n");
}
