import { Command } from "commander";
import type { Finding } from "../diagnose.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson, printLine } from "../print.ts";
import type { Session } from "../session.ts";
import { type Cell, painter, table } from "../terminal.ts";

export function doctorCommand({ env, streams, exitWith }: Session): Command {
  return new Command("doctor")
    .description(
      "Look at the settings, the ledger, the clock and ImageKit's key; it changes and costs nothing",
    )
    .option("--json", "print JSON")
    .action(async ({ json }: { readonly json?: true }) => {
      const { diagnose } = await import("../diagnose.ts");
      const findings = await diagnose(env());
      const { stdout } = streams;
      if (json) printJson(stdout, findings);
      else printLine(stdout, table(findings.map(rowOf), painter(stdout)));
      const has = (status: Finding["status"]) => findings.some((finding) => finding.status === status);
      if (has("fail")) exitWith(exitCodes.refused);
      else if (has("unavailable")) exitWith(exitCodes.unavailable);
    });
}

function rowOf({ name, status, message }: Finding): readonly Cell[] {
  const styles = { ok: "green", warn: "yellow", fail: "red", unavailable: "red", "left-out": "dim" } as const;
  return [{ text: status, style: styles[status] }, name, message];
}
