import type { Command } from "commander";
import { printJson, printLine } from "../print.ts";
import type { Session } from "../session.ts";
import { painter, table } from "../terminal.ts";
import { type DeskOptions, deskCommand, deskOf } from "./options.ts";

export function profilesCommand(session: Session): Command {
  return deskCommand("profiles")
    .description("List the profiles: how pages build the URLs of images")
    .action(async (options: DeskOptions) => {
      const { stdout } = session.streams;
      const list = await deskOf(options, session).profiles();
      if (options.json) return printJson(stdout, list);
      if (list.profiles.length === 0) {
        return printLine(
          stdout,
          "There are no profiles. POST /api/profiles/learn finds them in a page's HTML.",
        );
      }
      const rows = list.profiles.map(({ name, paths, endpoints, transformations }) => [
        name,
        paths.join(" "),
        endpoints.join(" "),
        transformations.join(" "),
      ]);
      printLine(
        stdout,
        table([["name", "paths", "endpoints", "path transformations"], ...rows], painter(stdout)),
      );
    });
}
