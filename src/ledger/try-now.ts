import * as z from "zod/mini";
import type { Tried } from "./contract.ts";
import type { RunScript } from "./script.ts";

const word = z.enum(["due", "under-way", "not-blocked"]);
const reply = z.tuple([z.string(), word, word], z.string());

/** Makes the next probe of a breaker due now. */
export async function tryNow(run: RunScript, operation: string): Promise<Tried> {
  const [, send, poll] = reply.parse(await run("try-now", { operation }));
  return { send, poll };
}
