import { stat } from "node:fs/promises";
import type { PurgeRequest } from "../client/client.ts";
import { printable } from "../local/printable.ts";
import { UsageError } from "./exit-codes.ts";
import { longestList, nameOfInput, readText, splitLines } from "./read-text.ts";
import { shellWord } from "./shell-word.ts";
import type { Input } from "./streams.ts";

export type TargetOptions = {
  readonly images?: true;
  readonly file?: string;
  readonly cover?: readonly string[];
};

/** Where the user wrote a line of the request: `list.txt:7`, `stdin:7` or `argument 2`. */
export type SourceOf = (line: number) => string;

export type Targets = {
  readonly request: Pick<PurgeRequest, "urls" | "images" | "cover">;
  /** Requests and their answers number lines through the URLs, then the images. */
  readonly sourceOf: SourceOf;
  /** Lines of an answer in the order in which the user wrote them. */
  readonly asWritten: <L extends { readonly line: number }>(lines: readonly L[]) => readonly L[];
};

type Target = { readonly text: string; readonly source: string };

/**
 * What to purge, from the arguments, a file (`-` is stdin), or stdin alone (no argument, or `-`). A line that begins with `/` names an image,
 * anything else is a URL, as in the dashboard; with `--images` every line is an image. Blank lines, and lines that begin
 * with `#`, are skipped.
 */
export async function readTargets(
  args: readonly string[],
  { images: areImages, file, cover }: TargetOptions,
  stdin: Input,
): Promise<Targets> {
  const isPiped = args.length === 0 && file === undefined && !stdin.isTTY;
  const isStdin = args.length === 1 && args[0] === "-" && file === undefined;
  const path = isPiped || isStdin ? "-" : file;
  const lines = isStdin ? [] : args;
  await refuseFiles(lines);
  const given = [
    ...targetsIn(lines, (number) => `argument ${number}`),
    ...(path === undefined ? [] : await targetsInFile(path, stdin)),
  ];
  if (given.length === 0) {
    throw new UsageError("Nothing to purge: give URLs or images as arguments, with --file, or on stdin");
  }
  const isImage = ({ text }: Target) => areImages === true || text.startsWith("/");
  const urls = given.filter((target) => !isImage(target));
  const images = given.filter(isImage);
  const inOrder = [...urls, ...images];
  const places = new Map(given.map((target, index) => [target, index]));
  const placeOf = ({ line }: { readonly line: number }) => {
    const target = inOrder[line - 1];
    return (target && places.get(target)) ?? line;
  };
  return {
    request: {
      urls: urls.map(({ text }) => text),
      images: images.map(({ text }) => text),
      ...(cover !== undefined && { cover }),
    },
    sourceOf: (line) => inOrder[line - 1]?.source ?? `line ${line}`,
    asWritten: (lines) => [...lines].sort((one, other) => placeOf(one) - placeOf(other)),
  };
}

/** For JSON: a line with where the user wrote it. */
export function withSource(sourceOf: SourceOf) {
  return <L extends { readonly line: number }>(line: L) => ({ ...line, source: sourceOf(line.line) });
}

/** Throws UsageError for an argument that is a file's name: no URL is one, and an image is named by a path that begins with /. */
async function refuseFiles(args: readonly string[]): Promise<void> {
  for (const text of args.filter((arg) => !arg.startsWith("/"))) {
    if (!(await stat(text).catch(() => undefined))?.isFile()) continue;
    const name = printable(text);
    throw new UsageError(
      `${name} is a file here. To read targets from it: --file ${shellWord(name)}. To purge an image, name it as in its URL after the endpoint, such as /products/shoe.jpg`,
    );
  }
}

async function targetsInFile(path: string, stdin: Input): Promise<readonly Target[]> {
  const text = await readText(path, stdin, longestList);
  return targetsIn(splitLines(text), (number) => `${nameOfInput(path)}:${number}`);
}

function targetsIn(lines: readonly string[], sourceOf: SourceOf): readonly Target[] {
  return lines
    .map((line, index) => ({ text: line.trim(), source: sourceOf(index + 1) }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
}
