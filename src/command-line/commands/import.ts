import { Command } from "commander";
import { readOnly } from "../../local/inspect/read-only.ts";
import { pipelineTo } from "../../local/redis-pipeline.ts";
import { importLedger, readExport } from "../ledger-copy/import-ledger.ts";
import { namedLedger } from "../named-ledger.ts";
import { readText } from "../read-text.ts";
import type { Session } from "../session.ts";
import { plural } from "../terminal.ts";

export function importCommand({ env, onInterruptSay }: Session): Command {
  return new Command("import")
    .description(
      "Write an exported ledger into the Redis that the settings name; refused if it has that ledger already",
    )
    .argument("<file>", "what purge-desk export wrote; - is stdin")
    .action(async (path: string) => {
      const exported = readExport(await readText(path));
      const { redis, ledgerName: ledger } = namedLedger(env());
      const target = { read: readOnly(redis), write: pipelineTo(redis), ledger };
      onInterruptSay("Run the import again with the same export: it goes on where it was.");
      await importLedger(exported, target);
      const from = exported.header.ledger === ledger ? "" : ` from "${exported.header.ledger}"`;
      const count = plural(exported.records.length, "record");
      console.error(
        `Imported the ledger "${ledger}"${from}: ${count}, as of ${new Date(exported.header.exportedAt).toISOString()}.`,
      );
    });
}
