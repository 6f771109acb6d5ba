import * as z from "zod";
import { CannotStart } from "../cannot-start.ts";

/** Commands that change nothing; no other can be sent from here. */
type ReadCommand = readonly [
  "GET" | "HGETALL" | "PTTL" | "SISMEMBER" | "SMEMBERS" | "TIME" | "ZRANGE" | "ZSCORE",
  ...string[],
];

/** Runs them in one round trip and gives each one's reply. Throws CannotStart when the ledger cannot be read. */
export type ReadOnly = (commands: readonly ReadCommand[]) => Promise<readonly unknown[]>;

const replies = z.array(z.object({ result: z.unknown() }));
const withinMs = 10_000;

export function readOnly({ url, token }: { readonly url: string; readonly token: string }): ReadOnly {
  return async function read(commands) {
    try {
      const answer = await fetch(`${url}/pipeline`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(commands),
        redirect: "manual",
        signal: AbortSignal.timeout(withinMs),
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return replies.parse(await answer.json()).map(({ result }) => result);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "unknown reason";
      throw new CannotStart(`The ledger cannot be read (${why.slice(0, 200)})`, { cause });
    }
  };
}
