import type { Command } from "commander";
import type { Session } from "../session.ts";
import { painter, table } from "../terminal.ts";
import { type DeskOptions, deskCommand, deskOf, printJson } from "./options.ts";

export function budgetCommand(session: Session): Command {
  return deskCommand("budget")
    .description("Show what is left of the month's units")
    .action(async (options: DeskOptions) => {
      const budget = await deskOf(options, session).budget();
      if (options.json) return printJson(budget);
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
      console.log(
        table(
          rows.map(([name, value]) => [name, typeof value === "number" ? value.toLocaleString("en") : value]),
          painter(process.stdout),
        ),
      );
    });
}
