import { PurgeDeskError } from "../client/client.ts";
import { printable } from "../local/printable.ts";

/** Reads the records of all ids. Throws PurgeDeskError: `not-found` names every id that is unknown. */
export async function readAll<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<readonly T[]> {
  const unknown: string[] = [];
  const found: T[] = [];
  const outcomes = await Promise.allSettled(ids.map(read));
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") found.push(outcome.value);
    else if (outcome.reason instanceof PurgeDeskError && outcome.reason.code === "not-found")
      unknown.push(printable(ids[index] ?? ""));
    else throw outcome.reason;
  }
  if (unknown.length === 0) return found;
  throw new PurgeDeskError("not-found", `Purge Desk does not know ${unknown.join(", ")}.`, { status: 404 });
}
