import type { Command } from "commander";
import type { Session } from "../session.ts";
import { defaultSeconds, waitAndTell } from "../wait-and-tell.ts";
import { type DeskOptions, deskCommand, deskOf, seconds } from "./options.ts";

export function waitCommand(session: Session): Command {
  return deskCommand("wait")
    .description("Wait until everything in these batches is cleared, or has ended otherwise")
    .argument("<batches...>", "ids, b_…")
    .option("--timeout <seconds>", "wait at most this long", seconds, defaultSeconds)
    .action((batches: readonly string[], options: DeskOptions & { readonly timeout: number }) =>
      waitAndTell(deskOf(options, session), batches, options, session),
    );
}
