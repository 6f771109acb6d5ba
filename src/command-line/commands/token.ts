import { Command } from "commander";
import { makeToken, readTokenRequest } from "../../local/make-token.ts";
import { UsageError } from "../exit-codes.ts";
import { printJson, printLine } from "../print.ts";
import type { Session } from "../session.ts";

const scopes = `
Scopes:
  read      plan, list, read, budget, every health check
  purge     submit and cancel purges; implies read
  wildcard  purge by wildcard; beside purge
  admin     everything, corrections included`;

export function tokenCommand({ streams }: Session): Command {
  return new Command("token")
    .description("Make a token for a caller, and its entry for PURGE_TOKENS")
    .argument(
      "<name>",
      "1 to 32 of a-z, 0-9 and -; the same name twice lets you change a token without a gap",
    )
    .argument("<scopes...>", "what the token may do")
    .option("--json", "print JSON")
    .addHelpText("after", scopes)
    .action((name: string, asked: readonly string[], { json }: { readonly json?: true }) => {
      const request = readTokenRequest([name, ...asked]);
      if ("problems" in request) throw new UsageError(request.problems.join("\n"));
      const { token, entry } = makeToken(request);
      if (json) return printJson(streams.stdout, { token, entry });
      printLine(
        streams.stdout,
        `The token, for the caller. It is shown only now and kept nowhere:

  ${token}

Its entry, for PURGE_TOKENS (after a comma, if there are others):

  ${entry}`,
      );
    });
}
