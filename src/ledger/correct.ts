import type { Budget } from "../domain/batch.ts";
import type { Correction } from "./contract.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";

export async function correct(
  run: RunScript,
  correction: Correction & { readonly operation: string },
): Promise<Budget> {
  const [, budget] = await run("correct", correction);
  return parseBudget(budget);
}
