import type { Purge } from "../domain/purge.ts";
import { parsePurge } from "./parse-purge.ts";
import type { RunScript } from "./script.ts";

export async function readPurge(
  run: RunScript,
  id: string | { readonly dropInId: string },
): Promise<Purge | undefined> {
  const [word, record] = await run("read-purge", typeof id === "string" ? { id } : id);
  return word === "purge" ? parsePurge(record) : undefined;
}
