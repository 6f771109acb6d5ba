import type { Command } from "commander";
import { printable } from "../../local/printable.ts";
import { UsageError } from "../exit-codes.ts";
import { readIds } from "../read-ids.ts";
import type { Session } from "../session.ts";
import { defaultSeconds, waitAndTell } from "../wait-and-tell.ts";
import { type DeskOptions, deskCommand, deskOf, seconds } from "./options.ts";

export function waitCommand(session: Session): Command {
  return deskCommand("wait")
    .description("Wait until everything in these batches is cleared, or has ended otherwise")
    .argument("<batches...>", "ids, b_…; - reads them from stdin, one a line")
    .option("--timeout <seconds>", "wait at most this long", seconds, defaultSeconds)
    .action(async (args: readonly string[], options: DeskOptions & { readonly timeout: number }) => {
      const batches = await readIds(args, session.streams.stdin);
      const wrong = batches.find((id) => !id.startsWith("b_"));
      if (wrong !== undefined) {
        const text = `${printable(wrong)} is not a batch id. Batch ids begin with b_; purge prints them`;
        throw new UsageError(text);
      }
      const desk = deskOf(options, session);
      await waitAndTell(desk, batches, options, session);
    });
}
