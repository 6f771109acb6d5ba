import * as z from "zod/mini";
import type { CancelBy, OperatorReply } from "./contract.ts";
import { parseBudget, parsePurge } from "./replies.ts";
import type { RunScript } from "./script.ts";

export type Operation = Partial<CancelBy> & {
  readonly id: string;
  readonly actor: string;
  readonly operation: string;
};

const words = z.enum(["done", "forbidden-state", "not-yours", "exhausted", "not-found"]);

/** Runs one of the three operations. Their replies have the same words. */
export async function operateOn(
  run: RunScript,
  which: "cancel" | "resend" | "close",
  operation: Operation,
): Promise<OperatorReply> {
  const [word, purge, budget] = await run(which, operation);
  const outcome = words.parse(word);
  switch (outcome) {
    case "not-found":
      return { outcome };
    case "exhausted":
      return { outcome, budget: parseBudget(budget) };
    case "done":
    case "forbidden-state":
    case "not-yours":
      return { outcome, purge: parsePurge(purge) };
  }
}
