import * as z from "zod/mini";
import type { Month } from "./contract.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";

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
  const [, budget = "", fieldList = "[]", ...corrections] = await run("read-month", {});
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
