/** How `npm run seed` and `npm run inspect` find the `npm start` that runs in the same folder. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { CannotStart } from "./cannot-start.ts";

/** Not in git. Readable by its owner only: the tokens in it are good for as long as the run lasts. */
export const instanceFile = ".purge-desk-local.json";

const instanceSchema = z.object({
  pid: z.number(),
  url: z.string(),
  /** Those made for this run, by name; none when PURGE_TOKENS was set. */
  tokens: z.record(z.string(), z.string()),
  /** The simulated ImageKit that this run made; absent: it uses another one. */
  imagekitUrl: z.optional(z.string()),
  /** What the service runs with; no secret that was given to it. */
  settings: z.record(z.string(), z.string()),
});

export type LocalInstance = z.output<typeof instanceSchema>;

/** Writes the file and gives what removes it again, unless another run has written its own since. */
export function writeInstance(path: string, instance: LocalInstance): () => void {
  // A file that is there keeps its permissions, and may be anybody's link: it goes first.
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify(instance), { mode: 0o600, flag: "wx" });
  return function removeInstance() {
    if (readIfThere(path)?.pid === instance.pid) rmSync(path, { force: true });
  };
}

/** The run that wrote the file last; undefined when none is there. */
export function readIfThere(path: string): LocalInstance | undefined {
  try {
    return instanceSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new CannotStart(`${path} is there but is not what npm start writes: remove it`, { cause });
  }
}
