import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import * as z from "zod";
import { PurgeDeskError } from "../client/client.ts";
import type { Environment } from "../config.ts";
import { CannotStart } from "../local/cannot-start.ts";
import { printable } from "../local/printable.ts";
import { assetsCommand } from "./commands/assets.ts";
import { budgetCommand } from "./commands/budget.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { planCommand } from "./commands/plan.ts";
import { profilesCommand } from "./commands/profiles.ts";
import { purgeCommand } from "./commands/purge.ts";
import { statusCommand } from "./commands/status.ts";
import { tokenCommand } from "./commands/token.ts";
import { waitCommand } from "./commands/wait.ts";
import { type ExitCode, exitCodeOf, exitCodes, Refused, UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { painter } from "./terminal.ts";

const after = `
Exit codes: 0 done · 1 refused · 2 wrong usage · 3 ended, but not everything was cleared · 4 unavailable ·
5 still open when the time was over · 130 interrupted

PURGE_DESK_URL and PURGE_DESK_TOKEN say where Purge Desk is and who asks; they may stand in .env.`;

/** Runs one command and gives its exit code. A second Ctrl-C ends the process at once. */
export async function runCommand(words: readonly string[], env: () => Environment): Promise<ExitCode> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt);
  let exitCode: ExitCode = exitCodes.done;
  const session: Session = {
    env,
    signal: interrupted.signal,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  const isJson = words.includes("--json");
  try {
    await program(session).parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    // Its message is there already, and so is the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return tell(error, isJson);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

function program(session: Session): Command {
  const root = new Command("purge-desk")
    .description(
      "ImageKit cache purges through Purge Desk: checked, budgeted, followed until they are cleared",
    )
    .version(versionOfPackage())
    .addHelpText("after", after)
    .showHelpAfterError("(purge-desk --help says more)")
    .exitOverride();
  for (const make of [
    planCommand,
    purgeCommand,
    waitCommand,
    statusCommand,
    budgetCommand,
    profilesCommand,
  ]) {
    root.addCommand(make(session).copyInheritedSettings(root));
  }
  root.commandsGroup("For operators:");
  for (const make of [tokenCommand, doctorCommand, exportCommand, importCommand, assetsCommand]) {
    root.addCommand(make(session).copyInheritedSettings(root));
  }
  return root;
}

/** Where this file is, built or not, package.json is two folders above. */
function versionOfPackage(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

/** Says what failed: a person on stderr, a program on stdout. */
function tell(error: unknown, isJson: boolean): ExitCode {
  if (error instanceof PurgeDeskError) {
    const { code, message, problem, batches, key } = error;
    if (isJson)
      console.log(JSON.stringify({ error: { code, message, key, batches, problem } }, undefined, 2));
    else console.error(describe(error));
    return exitCodeOf(error);
  }
  const found = known(error);
  if (found === undefined) throw error;
  const { code, message, exitCode } = found;
  if (isJson) console.log(JSON.stringify({ error: { code, message } }, undefined, 2));
  else console.error(painter(process.stderr)("red", message));
  return exitCode;
}

/** The failures that are no bugs; everything else is thrown on. */
function known(error: unknown) {
  if (error instanceof UsageError)
    return { code: "usage", message: error.message, exitCode: exitCodes.usage };
  if (error instanceof Refused)
    return { code: "refused", message: error.message, exitCode: exitCodes.refused };
  if (error instanceof CannotStart)
    return { code: "unavailable", message: error.message, exitCode: exitCodes.unavailable };
  return undefined;
}

function describe(error: PurgeDeskError): string {
  const { code, message, problem, batches, key } = error;
  const paint = painter(process.stderr);
  const lines = (problem?.lines ?? []).flatMap((line) =>
    typeof line === "object" && line.verdict === "rejected"
      ? line.violations.map(
          (each) => `  ${line.line}  ${printable(line.input)}\n     ${printable(each.message)}`,
        )
      : [],
  );
  const ids = batches.map(({ id }) => id).join(" ");
  // After a part was paid for, whatever stopped the rest.
  const isWorthKeeping = batches.length > 0 || exitCodeOf(error) !== exitCodes.refused;
  return [
    paint("red", code === "aborted" ? "Interrupted." : `${printable(message)} (${code})`),
    ...lines,
    ...(ids === "" ? [] : [`Accepted before that: ${ids}`]),
    ...(key !== undefined && isWorthKeeping
      ? [`Run it again with --key ${key}: nothing that was accepted is purged twice.`]
      : []),
  ].join("\n");
}
