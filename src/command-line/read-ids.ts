import { UsageError } from "./exit-codes.ts";
import { longestList, readText, splitLines } from "./read-text.ts";
import type { Input } from "./streams.ts";

/** A caller's usual rate, 100 requests and 10 a second, answers as many in the half minute for which the client tries. */
const mostIds = 400;

/** The ids that were given as arguments, or on stdin (`-`), one a line. Throws UsageError if stdin has none, or too many. */
export async function readIds(args: readonly string[], stdin: Input): Promise<readonly string[]> {
  if (args.length !== 1 || args[0] !== "-") return args;
  const lines = splitLines(await readText("-", stdin, longestList)).map((line) => line.trim());
  const ids = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (ids.length === 0) throw new UsageError("stdin has no ids: give them one a line");
  if (ids.length > mostIds)
    throw new UsageError(`stdin has ${ids.length} ids: give at most ${mostIds} at once`);
  return ids;
}
