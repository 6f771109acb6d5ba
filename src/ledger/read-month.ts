import * as z from "zod/mini";
import type { Month } from "./contract.ts";
import { books } from "./lua/books.ts";
import { setup } from "./lua/setup.ts";
import { parseBudget } from "./replies.ts";
import { type RunScript, script } from "./script.ts";

/**
 * Where the units of the month in force went. Writes nothing.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  {}
 * Replies  'month', budget, the month's hash as a flat JSON list of field and value, then its corrections (JSON),
 *          newest first
 */
const readMonthScript = script(
  "read-month",
  [setup, books],
  /* lua */ `
openBooks()
local fields = call('HGETALL', family.month .. books.startsAt)
local reply = { 'month', budgetReply(), #fields > 0 and cjson.encode(fields) or '[]' }
for _, correction in ipairs(call('LRANGE', family.corrections .. books.startsAt, 0, 99)) do
  reply[#reply + 1] = correction
end
return reply
`,
);

const facts = z.object({ now: z.number(), startsAt: z.number() });
const flatFields = z.array(z.string());
const correctionEntry = z.object({
  at: z.number(),
  external: z.number(),
  reason: z.optional(z.string()),
  actor: z.string(),
});
const dayMs = 86_400_000;

export async function readMonth(run: RunScript): Promise<Month> {
  const [, budget = "", fieldList = "[]", ...corrections] = await run(readMonthScript, {});
  const flat = flatFields.parse(JSON.parse(fieldList));
  const counted = flat.flatMap((field, index) => {
    const [, kind, name = ""] = /^(day|actor):(.+)$/.exec(field) ?? [];
    const units = Number(flat[index + 1]);
    return index % 2 === 0 && kind !== undefined && units !== 0 ? [{ kind, name, units }] : [];
  });
  return {
    ...facts.parse(JSON.parse(budget)),
    budget: parseBudget(budget),
    days: counted
      .filter(({ kind }) => kind === "day")
      .map(({ name, units }) => ({ at: Number(name) * dayMs, units }))
      .sort((one, other) => one.at - other.at),
    actors: counted
      .filter(({ kind }) => kind === "actor")
      .map(({ name, units }) => ({ name, units }))
      .sort((one, other) => other.units - one.units || one.name.localeCompare(other.name)),
    corrections: corrections.map((entry) => correctionEntry.parse(JSON.parse(entry))),
  };
}
