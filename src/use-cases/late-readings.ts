import type { EdgeReading } from "../domain/edge-check.ts";
import type { Ledger } from "../ledger/contract.ts";
import type { Settlement } from "../ledger/leases.ts";
import { errorFields, type Log } from "../log.ts";

/** What the edge served beside sends that were settled before it was known. */
export type LateReadings = {
  /** The send is being settled; its reading is written when it has come. It must not reject. */
  readonly expect: (send: Settlement, reading: Promise<EdgeReading | undefined>) => void;
  /** Begins to write what has come. Every send that it belongs to must be settled by now. */
  readonly write: () => void;
  /** Once the run is over: resolves when the rest has come and is written; undefined if nothing is missing. Never rejects. */
  readonly rest: () => Promise<void> | undefined;
};

/** A reading that cannot be written is lost, and logged: the purge does without it. */
export function lateReadings({
  ledger,
  log,
}: {
  readonly ledger: Pick<Ledger, "advance">;
  readonly log: Log;
}): LateReadings {
  const coming = new Set<Promise<void>>();
  const arrived: Settlement[] = [];
  const writing = new Set<Promise<void>>();

  const advance = async (settlements: readonly Settlement[]) => {
    try {
      await ledger.advance({ settlements });
    } catch (error) {
      const purgeIds = settlements.map(({ purgeId }) => purgeId);
      log("readings-lost", { purgeIds, ...errorFields(error) });
    }
  };

  const write = () => {
    if (arrived.length === 0) return;
    const call = advance(arrived.splice(0)).finally(() => writing.delete(call));
    writing.add(call);
  };

  const untilWritten = async () => {
    await Promise.all(coming);
    write();
    await Promise.all(writing);
  };

  return {
    expect({ purgeId, token }, reading) {
      const come = reading.then((before) => {
        coming.delete(come);
        if (before === undefined) return;
        arrived.push({ lane: "check", purgeId, token, result: { outcome: "before", before } });
      });
      coming.add(come);
    },
    write,
    rest: () => (coming.size + arrived.length + writing.size > 0 ? untilWritten() : undefined),
  };
}
