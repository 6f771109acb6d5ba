import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { UsageError } from "./exit-codes.ts";

export type TargetOptions = {
  readonly images?: true;
  readonly file?: string;
  readonly cover?: readonly string[];
};

export type Targets = {
  readonly urls: readonly string[];
  readonly images: readonly string[];
  readonly cover?: readonly string[];
};

/**
 * What to purge, from the arguments, a file (`-` is stdin), or stdin alone. A line that begins with `/` names an image,
 * anything else is a URL, as in the dashboard; with `--images` every line is an image. Blank lines, and lines that begin
 * with `#`, are skipped.
 */
export async function readTargets(
  args: readonly string[],
  { images: areImages, file, cover }: TargetOptions,
): Promise<Targets> {
  const isPiped = args.length === 0 && file === undefined && !process.stdin.isTTY;
  const given =
    file === "-" || isPiped ? await text(process.stdin) : file === undefined ? "" : readFile(file);
  const lines = [...args, ...given.split(/\r?\n/)]
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) {
    throw new UsageError("Nothing to purge: give URLs or images as arguments, with --file, or on stdin");
  }
  const isImage = (line: string) => areImages === true || line.startsWith("/");
  return {
    urls: lines.filter((line) => !isImage(line)),
    images: lines.filter(isImage),
    ...(cover !== undefined && { cover }),
  };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new UsageError(`${path} cannot be read`, { cause });
  }
}
