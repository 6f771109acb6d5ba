import * as z from "zod";
import { CannotStart } from "./cannot-start.ts";

/** Runs commands in one round trip and gives each one's reply. Throws CannotStart if Redis refuses one, or does not answer. */
export type Pipeline<Command extends readonly string[] = readonly string[]> = (
  commands: readonly Command[],
) => Promise<readonly unknown[]>;

const replies = z.array(z.union([z.object({ error: z.string() }), z.object({ result: z.unknown() })]));
const withinMs = 10_000;

/** A way past the scripts, for operators' commands. */
export function pipelineTo({ url, token }: { readonly url: string; readonly token: string }): Pipeline {
  return async function run(commands) {
    try {
      const answer = await fetch(`${url}/pipeline`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(commands),
        redirect: "manual",
        signal: AbortSignal.timeout(withinMs),
      });
      if (!answer.ok) throw new Error(`status ${answer.status}: ${(await answer.text()).slice(0, 150)}`);
      return replies.parse(await answer.json()).map((reply) => {
        if ("error" in reply) throw new CannotStart(`Redis refused a command: ${reply.error.slice(0, 200)}`);
        return reply.result;
      });
    } catch (cause) {
      if (cause instanceof CannotStart) throw cause;
      const why = cause instanceof Error ? cause.message : "unknown reason";
      throw new CannotStart(`The ledger cannot be reached (${why.slice(0, 200)})`, { cause });
    }
  };
}
