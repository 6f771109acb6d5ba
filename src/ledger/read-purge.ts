import type { Purge } from "../domain/purge.ts";
import { parsePurge } from "./parse-purge.ts";
import type { RunScript } from "./script.ts";

export async function readPurge(run: RunScript, id: string): Promise<Purge | undefined> {
  const [word, record] = await run("read-purge", { id });
  return word === "purge" ? parsePurge(record) : undefined;
}
