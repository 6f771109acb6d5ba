/** The command `purge-desk`. */

import { withEnvFile } from "../local/env-file.ts";
import { exitCodes } from "./exit-codes.ts";
import { runCommand } from "./run-command.ts";

process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  // A reader such as `head` that has seen enough is no failure.
  if (code === "EPIPE") process.exit();
  console.error(`The output cannot be written: ${message}`);
  process.exit(exitCodes.refused);
});

process.exitCode = await runCommand(process.argv.slice(2), () => withEnvFile(".env", process.env));
