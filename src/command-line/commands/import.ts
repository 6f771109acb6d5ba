import { Command } from "commander";
import { longestText, readText } from "../read-text.ts";
import type { Session } from "../session.ts";
import { plural } from "../terminal.ts";

export function importCommand({ env, onInterruptSay }: Session): Command {
  return new Command("import")
    .description(
      "Write an exported ledger into the Redis that the settings name; refused if it has that ledger already",
    )
    .argument("<file>", "what purge-desk export wrote; - is stdin")
    .action(async (path: string) => {
      const { importLedger, readExport } = await import("../ledger-copy/import-ledger.ts");
      const { namedLedger } = await import("../named-ledger.ts");
      const exported = readExport(await readText(path, longestText));
      const target = namedLedger(env());
      onInterruptSay("Run the import again with the same export: it goes on where it was.");
      await importLedger(exported, target);
      const { ledger } = target;
      const from = exported.header.ledger === ledger ? "" : ` from "${exported.header.ledger}"`;
      const count = plural(exported.records.length, "record");
      console.error(
        `Imported the ledger "${ledger}"${from}: ${count}, as of ${new Date(exported.header.exportedAt).toISOString()}.`,
      );
    });
}
