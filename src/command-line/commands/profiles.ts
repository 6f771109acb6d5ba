import type { Command } from "commander";
import type { Session } from "../session.ts";
import { painter, table } from "../terminal.ts";
import { type DeskOptions, deskCommand, deskOf, printJson } from "./options.ts";

export function profilesCommand(session: Session): Command {
  return deskCommand("profiles")
    .description("List the profiles: how pages build the URLs of images")
    .action(async (options: DeskOptions) => {
      const list = await deskOf(options, session).profiles();
      if (options.json) return printJson(list);
      if (list.profiles.length === 0) {
        return console.log("There are no profiles. POST /api/profiles/learn finds them in a page's HTML.");
      }
      const rows = list.profiles.map(({ name, paths, endpoints, transformations }) => [
        name,
        paths.join(" "),
        endpoints.join(" "),
        transformations.join(" "),
      ]);
      console.log(
        table([["name", "paths", "endpoints", "path transformations"], ...rows], painter(process.stdout)),
      );
    });
}
