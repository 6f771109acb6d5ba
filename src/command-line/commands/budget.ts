import type { Command } from "commander";
import { printJson, printLine } from "../print.ts";
import type { Session } from "../session.ts";
import { painter, table } from "../terminal.ts";
import { type DeskOptions, deskCommand, deskOf } from "./options.ts";

export function budgetCommand(session: Session): Command {
  return deskCommand("budget")
    .description("Show what is left of the month's units")
    .action(async (options: DeskOptions) => {
      const { stdout } = session.streams;
      const budget = await deskOf(options, session).budget();
      if (options.json) return printJson(stdout, budget);
      const { month, quota, margin, spent, reserved, external, available, held, resetsAt } = budget;
      const rows = [
        ["month", month],
        ["quota", quota],
        ["spent", spent],
        ["reserved", reserved],
        ["spent elsewhere", external],
        ["never spent", margin],
        ["available", available],
        ["held", held],
        ["resets", resetsAt],
      ] as const;
      printLine(
        stdout,
        table(
          rows.map(([name, value]) => [name, typeof value === "number" ? value.toLocaleString("en") : value]),
          painter(stdout),
        ),
      );
    });
}
