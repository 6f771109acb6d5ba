import type { Redis } from "ioredis";

/** Calls by command name, in upper case. */
export type CommandCounts = Readonly<Record<string, number>>;

/** Adds one call of each of these to the counts. */
export function countCommands(counts: CommandCounts, names: readonly string[]): CommandCounts {
  const sum = { ...counts };
  for (const name of names) sum[name] = (sum[name] ?? 0) + 1;
  return sum;
}

/** What came on top of the earlier counts; names without a new call are left out. */
export function countsSince(counts: CommandCounts, earlier: CommandCounts): CommandCounts {
  const differences = Object.entries(counts).map(
    ([name, calls]) => [name, calls - (earlier[name] ?? 0)] as const,
  );
  return Object.fromEntries(differences.filter(([, calls]) => calls > 0));
}

/**
 * Every call Redis executed since it started, the ones scripts make included (`INFO commandstats`; what looks at
 * the server is left out). Undefined when the back end keeps no such statistics: the embedded Redis.
 */
export async function readServerCounts(redis: Redis): Promise<CommandCounts | undefined> {
  const info = await redis.info("commandstats");
  const rows = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  if (rows.length === 0) return undefined;
  const counts = rows.map(([, name = "", calls = "0"]) => [name.toUpperCase(), Number(calls)] as const);
  return Object.fromEntries(counts.filter(([name]) => name !== "INFO"));
}
