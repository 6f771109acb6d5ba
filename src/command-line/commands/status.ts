import type { Command } from "commander";
import type { Purge, PurgeDesk } from "../../client/client.ts";
import { printable } from "../../local/printable.ts";
import { purgeTable } from "../describe-purges.ts";
import { UsageError } from "../exit-codes.ts";
import { printJson, printLine } from "../print.ts";
import { readAll } from "../read-all.ts";
import { readIds } from "../read-ids.ts";
import type { Session } from "../session.ts";
import { type Paint, painter, table } from "../terminal.ts";
import { type DeskOptions, deskCommand, deskOf } from "./options.ts";

const newest = 20;

export function statusCommand(session: Session): Command {
  return deskCommand("status")
    .description(`Show purges and batches as they are now; without an id, the newest ${newest} purges`)
    .argument(
      "[ids...]",
      "of purges (p_…), with their timelines, or of batches (b_…); - reads them from stdin, one a line",
    )
    .action(async (args: readonly string[], options: DeskOptions) => {
      const desk = deskOf(options, session);
      const { stdin, stdout } = session.streams;
      const ids = await readIds(args, stdin);
      const paint = painter(stdout);
      if (ids.length === 0) {
        const purges = await newestPurges(desk);
        if (options.json) return printJson(stdout, purges);
        return printLine(stdout, purges.length === 0 ? "There are no purges." : purgeTable(purges, paint));
      }
      const found = await readAll(ids, (id) => readOne(desk, id));
      if (options.json)
        return printJson(
          stdout,
          found.map(({ record }) => record),
        );
      for (const { purges, isBatch } of found) {
        const tables = isBatch ? [purgeTable(purges, paint)] : purges.map((purge) => timeline(purge, paint));
        printLine(stdout, tables.join("\n"));
      }
    });
}

async function newestPurges(desk: PurgeDesk): Promise<readonly Purge[]> {
  const found: Purge[] = [];
  for await (const purge of desk.purges({ limit: newest })) {
    found.push(purge);
    if (found.length === newest) break;
  }
  return found;
}

async function readOne(desk: PurgeDesk, id: string) {
  if (id.startsWith("b_")) {
    const record = await desk.batch(id);
    return { record, purges: record.purges, isBatch: true };
  }
  if (!id.startsWith("p_"))
    throw new UsageError(`${printable(id)} is no id: of a purge it is p_…, of a batch b_…`);
  const record = await desk.read(id);
  return { record, purges: [record], isBatch: false };
}

function timeline(purge: Purge, paint: Paint): string {
  const entries = purge.timeline.map(({ at, state, by, note }) => ["", at, state, by, note]);
  return [purgeTable([purge], paint), table(entries, paint)].join("\n");
}
