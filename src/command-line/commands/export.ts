import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { exitCodes, UsageError } from "../exit-codes.ts";
import { print, printLine } from "../print.ts";
import type { Session } from "../session.ts";
import { plural } from "../terminal.ts";

export function exportCommand({ env, streams, exitWith }: Session): Command {
  return new Command("export")
    .description(
      "Write the whole ledger that the settings name into a new file, with the times at which keys expire",
    )
    .argument("<file>", "where to; - is stdout")
    .addHelpText("after", "\nWhat it writes is JSON, one record a line, so there is no --json.")
    .action(async (path: string) => {
      const { namedLedger } = await import("../named-ledger.ts");
      const { exportLedger } = await import("../ledger-copy/export-ledger.ts");
      const { read, ledger } = namedLedger(env());
      const { header, records } = await exportLedger(read, ledger);
      const lines = [header, ...records, { end: records.length }].map(
        (record) => `${JSON.stringify(record)}\n`,
      );
      if (path !== "-") writeNew(path, lines.join(""));
      else if (!(await print(streams.stdout, lines.join("")))) {
        printLine(streams.stderr, "The export is incomplete: it cannot be imported.");
        return exitWith(exitCodes.unavailable);
      }
      printLine(streams.stderr, `Exported the ledger "${ledger}": ${plural(records.length, "record")}.`);
    });
}

/** Readable by its owner only: it has the URLs of open purges, signatures included. Throws UsageError. */
function writeNew(path: string, text: string): void {
  const tell = (cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const why = code === "EEXIST" ? "is there already" : `cannot be written${code ? ` (${code})` : ""}`;
    return new UsageError(`${path} ${why}`, { cause });
  };
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (cause) {
    throw tell(cause);
  }
  try {
    writeFileSync(file, text);
  } catch (cause) {
    // What is there of it is not an export.
    rmSync(path);
    throw tell(cause);
  } finally {
    closeSync(file);
  }
}
