import * as z from "zod/mini";
import { sha256Hex } from "../domain/sha256.ts";
import type { PlanReply, PlanTargets } from "./contract.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function plan(run: RunScript, { urls, changedAt }: PlanTargets): Promise<PlanReply> {
  const targets = await Promise.all(urls.map(sha256Hex));
  const [, budget, ...ids] = await run("plan", { targets, changedAt });
  const joins = new Map<string, string>();
  urls.forEach((url, i) => {
    const id = z.string().parse(ids[i]);
    if (id !== "") joins.set(url, id);
  });
  return { budget: parseBudget(budget), joins, repeating: new Map() };
}
