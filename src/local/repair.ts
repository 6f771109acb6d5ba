/** `npm run repair`: puts the open purges of a damaged ledger back into their queues, and counts anew. */

import { describeProblems, readConfig } from "../config.ts";
import { createServices } from "../services.ts";
import { CannotStart } from "./cannot-start.ts";
import { withEnvFile } from "./env-file.ts";

try {
  const reading = readConfig(withEnvFile(".env", process.env));
  if ("problems" in reading) throw new CannotStart(describeProblems(reading.problems));
  const { ledger } = createServices(reading.config);
  console.log(`Looking at every record of the ledger ${reading.config.ledgerName} …`);
  await ledger.repair();
  const { alarms, budget } = await ledger.health();
  const spent = `${budget.spent} spent, ${budget.reserved} set aside, ${budget.external} spent elsewhere`;
  console.log(`Done: every open purge is in its queue. ${budget.month}: ${spent}.`);
  for (const { code, message } of alarms) console.log(`\n${code}: ${message}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : "failed");
  process.exitCode = 1;
}
