/** The command `purge-desk`. */

import { withEnvFile } from "../local/env-file.ts";
import { runCommand } from "./run-command.ts";

// A reader such as `head` that has seen enough is no failure.
process.stdout.on("error", () => process.exit());

process.exitCode = await runCommand(process.argv.slice(2), () => withEnvFile(".env", process.env));
