import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { Environment } from "../config.ts";
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
import { type ExitCode, exitCodes, UsageError } from "./exit-codes.ts";
import { invocation } from "./invocation.ts";
import { listenForInterrupt } from "./listen-for-interrupt.ts";
import type { Session } from "./session.ts";
import type { Streams } from "./streams.ts";
import { tellFailure } from "./tell-failure.ts";

const after = `
Exit codes: 0 done · 1 refused · 2 wrong usage · 3 ended, but not everything was cleared · 4 unavailable ·
5 still open when the time was over · 130 interrupted (Ctrl-C, SIGTERM, SIGHUP)

PURGE_DESK_URL and PURGE_DESK_TOKEN say where Purge Desk is and who asks; they may stand in .env.`;

/** Runs one command and gives its exit code. After a signal some of its work may still go on: the process must be ended. */
export async function runCommand(
  words: readonly string[],
  env: () => Environment,
  streams: Streams,
): Promise<ExitCode> {
  const { atOnce, stop, takeInterrupt, onInterruptSay } = listenForInterrupt();
  let exitCode: ExitCode = exitCodes.done;
  const exitWith = (code: ExitCode) => {
    exitCode = code;
  };
  const session: Session = { streams, env, takeInterrupt, onInterruptSay, exitWith };
  try {
    await Promise.race([program(session).parseAsync([...words], { from: "user" }), atOnce]);
    return exitCode;
  } catch (error) {
    const isJson = words.includes("--json");
    if (!(error instanceof CommanderError)) return await tellFailure(error, streams, { isJson });
    if (error.exitCode === 0) return exitCodes.done;
    // A person has its message already, and the help.
    if (!isJson) return exitCodes.usage;
    const message = error.message.replace(/^error: /, "");
    return await tellFailure(new UsageError(message, { cause: error }), streams, { isJson });
  } finally {
    stop();
  }
}

function program(session: Session): Command {
  const root = new Command("purge-desk")
    .description(
      "ImageKit cache purges through Purge Desk: checked, budgeted, followed until they are cleared",
    )
    .version(versionOfPackage())
    .addHelpText("after", after)
    .showHelpAfterError(`(${invocation} --help says more)`)
    .configureOutput({
      writeOut: (text) => session.streams.stdout.write(text),
      writeErr: (text) => session.streams.stderr.write(text),
    })
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
  return String(JSON.parse(manifest).version);
}
