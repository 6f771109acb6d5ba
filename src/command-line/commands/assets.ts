import { Command } from "commander";
import { UsageError } from "../exit-codes.ts";
import { printJson, printLine } from "../print.ts";
import type { Session } from "../session.ts";
import { writeAssets } from "../write-assets.ts";

export function assetsCommand({ streams }: Session): Command {
  return new Command("assets")
    .description(
      "Write the files that the dashboard's pages load, for a site that has Purge Desk below a path",
    )
    .argument("<folder>", "the base path in the site's publish folder, such as public/_purge")
    .option("--json", "print JSON")
    .action(async (folder: string, { json }: { readonly json?: true }) => {
      const written = await writeAssets(folder).catch((cause: unknown) => {
        const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
        throw new UsageError(`The files cannot be written below ${folder}${code}`, { cause });
      });
      if (json) return printJson(streams.stdout, written);
      for (const path of written) printLine(streams.stdout, path);
    });
}
