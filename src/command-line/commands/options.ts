import { Command, InvalidArgumentError } from "commander";
import { type PurgeDesk, purgeDesk } from "../../client/client.ts";
import { UsageError } from "../exit-codes.ts";
import { fetchThatTells } from "../fetch-that-tells.ts";
import { invocation } from "../invocation.ts";
import type { Session } from "../session.ts";

/** A command that talks to Purge Desk, with the options that all of them have. */
export function deskCommand(name: string): Command {
  return new Command(name)
    .option("--url <url>", "where Purge Desk is (default: PURGE_DESK_URL)")
    .option("--json", "print JSON");
}

export type DeskOptions = { readonly url?: string; readonly json?: true };

/** The token is never an argument: other users of the machine could read it. */
export function deskOf({ url }: DeskOptions, { env, streams }: Session, send = fetch): PurgeDesk {
  const { PURGE_DESK_URL, PURGE_DESK_TOKEN: token } = env();
  const where = url ?? PURGE_DESK_URL;
  if (!where) {
    const example = "such as https://purge.shop.example";
    throw new UsageError(`PURGE_DESK_URL is missing: it says where Purge Desk is, ${example}; so does --url`);
  }
  if (!token) {
    const place = `in the environment or in .env. An operator makes it with ${invocation} token`;
    throw new UsageError(`PURGE_DESK_TOKEN is missing: it must be a token, pd_…, ${place}`);
  }
  return purgeDesk({
    url: where,
    token,
    fetch: fetchThatTells(streams.stderr, send),
  });
}

/** What names targets, for plan and purge. */
export function withTargets(command: Command): Command {
  return command
    .argument("[targets...]", "URLs, or images such as /products/shoe.jpg")
    .option("-f, --file <path>", "read targets from a file, one a line (- is stdin)")
    .option("--images", "every target names an image, also one that is a URL")
    .option(
      "--cover <folder>",
      "a folder that may be cleared whole, such as /products/autumn/; repeat it",
      repeated,
    );
}

function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Parses an option of whole seconds. */
export function seconds(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of seconds.");
  return Number(text);
}
