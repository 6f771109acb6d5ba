import * as z from "zod/mini";
import type { CancelBy, OperatorReply } from "./contract.ts";
import { parsePurge } from "./parse-purge.ts";
import { parseBudget } from "./replies.ts";
import type { RunScript } from "./script.ts";

type OperateInput = Partial<CancelBy> & {
  readonly id: string;
  readonly actor: string;
  /** The id of this call, so that its rerun is recognised. */
  readonly operation: string;
};

const replyWord = z.enum(["done", "forbidden-state", "not-yours", "exhausted", "not-found"]);

/** Runs one of the three operations. Their replies have the same words. */
export async function operateOn(
  run: RunScript,
  which: "cancel" | "resend" | "close",
  input: OperateInput,
): Promise<OperatorReply> {
  const [word, purge, budget] = await run(which, input);
  const outcome = replyWord.parse(word);
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
