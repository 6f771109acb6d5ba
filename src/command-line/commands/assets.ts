import { Command } from "commander";
import { UsageError } from "../exit-codes.ts";
import { writeAssets } from "../write-assets.ts";

export function assetsCommand(): Command {
  return new Command("assets")
    .description(
      "Write the files that the dashboard's pages load, for a site that has Purge Desk below a path",
    )
    .argument("<folder>", "the base path in the site's publish folder, such as public/_purge")
    .action(async (folder: string) => {
      const written = await writeAssets(folder).catch((cause: unknown) => {
        const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
        throw new UsageError(`The files cannot be written below ${folder}${code}`, { cause });
      });
      for (const path of written) console.log(path);
    });
}
