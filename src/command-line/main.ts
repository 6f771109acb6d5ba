/** The command `purge-desk`. */

import { withEnvFile } from "../local/env-file.ts";
import { exitCodes } from "./exit-codes.ts";
import { flushOutput } from "./print.ts";
import { runCommand } from "./run-command.ts";

let isOutputLost = false;
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  // A reader such as `head` that has seen enough (on Windows: EOF) is no failure: the command goes on, and its exit code
  // says how it ended.
  if (code === "EPIPE" || code === "EOF" || isOutputLost) return;
  isOutputLost = true;
  console.error(`The output cannot be written: ${message}`);
});
process.stderr.on("error", () => undefined);
process.on("exit", () => {
  if (isOutputLost && process.exitCode === exitCodes.done) process.exitCode = exitCodes.unavailable;
});

const env = () => withEnvFile(".env", process.env);
const exitCode = await runCommand(process.argv.slice(2), env, process);
process.exitCode = exitCode;
// What it was doing would keep the process.
if (exitCode === exitCodes.interrupted) {
  await flushOutput();
  process.exit();
}
