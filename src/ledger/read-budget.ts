import type { Budget } from "../domain/batch.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function readBudget(run: RunScript): Promise<Budget> {
  const [, budget] = await run("read-budget", {});
  return parseBudget(budget);
}
