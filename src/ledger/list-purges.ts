import * as z from "zod/mini";
import { canonicalText } from "../rules/canonical.ts";
import type { PurgePage, PurgeQuery } from "./contract.ts";
import { parsePurges } from "./parse-purge.ts";
import type { RunScript } from "./script.ts";

/** A search looks at this many records at most. Then it answers with what it found and a cursor. */
const scanLimit = 5_000;

const cursorReply = z.object({ createdAt: z.number(), id: z.string() });

export async function listPurges(run: RunScript, query: PurgeQuery): Promise<PurgePage> {
  const { state, text } = query;
  const input = {
    ...query,
    ...(state === "open" && { state: undefined, open: true }),
    ...(state === "scheduled" && { state: undefined, scheduled: true }),
    urlText: text === undefined ? undefined : canonicalText(text),
    scanLimit,
  };
  const [, cursor = "", ...records] = await run("list-purges", input);
  return {
    purges: parsePurges(records),
    next: cursor === "" ? undefined : cursorReply.parse(JSON.parse(cursor)),
  };
}
