import * as z from "zod/mini";
import type { Connection } from "./connection.ts";
import type { LedgerKeys } from "./keys.ts";
import { json } from "./parse-purge.ts";
import type { RunScript } from "./script.ts";

/** By code: how many ended purges cause the alarm. */
const endedAlarms = z.pipe(json, z.record(z.string(), z.number()));

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
  const alarms: Record<string, number> = {};
  const all = [...ids];
  for (let first = 0; first < all.length; first += chunk) {
    const [, units, ended] = await run("audit", { ids: all.slice(first, first + chunk) });
    spent += Number(units);
    for (const [code, count] of Object.entries(endedAlarms.parse(ended)))
      alarms[code] = (alarms[code] ?? 0) + count;
  }
  await run("audit", { finish: true, spent, alarms });
}
