import { LedgerFull, type LedgerHealth, LedgerUnavailable } from "../ledger/contract.ts";
import { errorFields } from "../log.ts";
import type { Services } from "../services.ts";

/** `isFull`: Redis takes no new writes. */
export type HealthNow = LedgerHealth & { readonly isFull: boolean };

/** The ledger's health, and whether Redis still takes writes. Undefined if it cannot be reached; the log says why. */
export async function healthNow(services: Services): Promise<HealthNow | undefined> {
  const { ledger, log } = services;
  try {
    const health = await ledger.health();
    return { ...health, isFull: (await probeLedger(services)) === "full" };
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    log("ledger-unavailable", errorFields(error));
    return undefined;
  }
}

/** Whether the ledger answers, and takes a write; the log says why not. */
export async function probeLedger({
  ledger,
  log,
}: Pick<Services, "ledger" | "log">): Promise<"up" | "full" | "away"> {
  try {
    await ledger.probe();
    return "up";
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    log("ledger-unavailable", errorFields(error));
    return error instanceof LedgerFull ? "full" : "away";
  }
}
