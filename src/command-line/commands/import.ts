import { Command } from "commander";
import { printJson, printLine } from "../print.ts";
import { longestText, readText } from "../read-text.ts";
import type { Session } from "../session.ts";
import { plural } from "../terminal.ts";

export function importCommand({ env, streams, onInterruptSay }: Session): Command {
  return new Command("import")
    .description(
      "Write an exported ledger into the Redis that the settings name; refused if it has that ledger already",
    )
    .argument("<file>", "what purge-desk export wrote; - is stdin")
    .option("--json", "print JSON")
    .action(async (path: string, { json }: { readonly json?: true }) => {
      const { importLedger, readExport } = await import("../ledger-copy/import-ledger.ts");
      const { namedLedger } = await import("../named-ledger.ts");
      const exported = readExport(await readText(path, streams.stdin, longestText));
      const target = namedLedger(env());
      onInterruptSay("Run the import again with the same export: it goes on where it was.");
      await importLedger(exported, target);
      const { ledger } = target;
      const { ledger: exportedLedger } = exported.header;
      const exportedAt = new Date(exported.header.exportedAt).toISOString();
      const records = exported.records.length;
      if (json) return printJson(streams.stdout, { ledger, exportedLedger, exportedAt, records });
      const from = exportedLedger === ledger ? "" : ` from "${exportedLedger}"`;
      printLine(
        streams.stderr,
        `Imported the ledger "${ledger}"${from}: ${plural(records, "record")}, as of ${exportedAt}.`,
      );
    });
}
