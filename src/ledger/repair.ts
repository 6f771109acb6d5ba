import type { Connection } from "./connection.ts";
import type { LedgerKeys } from "./keys.ts";
import type { RunScript } from "./script.ts";

/** The number of records that one script run looks at. */
const chunk = 100;

/**
 * Checks every record. It scans the keys instead of reading the index, because the index may be lost. Records that are
 * created meanwhile need no repair.
 */
export async function repair(
  run: RunScript,
  command: Connection["command"],
  keys: LedgerKeys,
): Promise<void> {
  const { purge } = keys.families;
  const ids = new Set<string>();
  let cursor = "0";
  do {
    const from = cursor;
    const [next, found] = await command((redis) => redis.scan(from, { match: `${purge}*`, count: 1_000 }));
    for (const key of found) ids.add(key.slice(purge.length));
    cursor = String(next);
  } while (cursor !== "0");

  let spent = 0;
  const all = [...ids];
  for (let first = 0; first < all.length; first += chunk) {
    const [, units] = await run("audit", { ids: all.slice(first, first + chunk) });
    spent += Number(units);
  }
  await run("audit", { finish: true, spent });
}
