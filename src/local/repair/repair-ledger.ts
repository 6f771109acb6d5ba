import type { Environment } from "../../config.ts";
import { createServices } from "../../services.ts";
import { openLedger } from "../open-ledger.ts";

/** Repairs the ledger that the settings name, and says what it did. Throws CannotStart when they name none. */
export async function repairLedger(env: Environment, say: (text: string) => void): Promise<void> {
  const { config, close } = await openLedger(env);
  try {
    const { ledger } = createServices(config);
    const why = config.imagekit.kind === "simulated" ? ", which is that of a simulated ImageKit" : "";
    say(`Looking at every record of the ledger "${config.ledgerName}"${why} …`);
    await ledger.repair();
    const { alarms, budget } = await ledger.health();
    const spent = `${budget.spent} spent, ${budget.reserved} reserved, ${budget.external} spent elsewhere`;
    say(`Done: every open purge is in its queue. ${budget.month}: ${spent}.`);
    for (const { code, message } of alarms) say(`\n${code}: ${message}`);
  } finally {
    await close();
  }
}
