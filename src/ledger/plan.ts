import * as z from "zod/mini";
import type { PlanReply, PlanTargets } from "./contract.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";
import { pointerName } from "./target.ts";

export async function plan(run: RunScript, { urls, changedAt, sendAfter }: PlanTargets): Promise<PlanReply> {
  const targets = await Promise.all(urls.map((url) => pointerName(url, sendAfter)));
  const [, budget, ...ids] = await run("plan", {
    targets,
    changedAt,
    isScheduled: sendAfter !== undefined,
  });
  const joins = new Map<string, string>();
  urls.forEach((url, i) => {
    const id = z.string().parse(ids[i]);
    if (id !== "") joins.set(url, id);
  });
  return { budget: parseBudget(budget), joins, repeating: new Map() };
}
