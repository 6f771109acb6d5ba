/** `npm run repair`: puts the open purges of a damaged ledger back into their queues, and counts again. */

import { withEnvFile } from "../env-file.ts";
import { repairLedger } from "./repair-ledger.ts";

try {
  await repairLedger(withEnvFile(".env", process.env), (text) => console.log(text));
} catch (error) {
  console.error(error instanceof Error ? error.message : "failed");
  process.exitCode = 1;
}
