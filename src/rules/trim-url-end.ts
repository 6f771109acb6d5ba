import { endsInKnownFile } from "./image-file.ts";

const openings: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const mark = /^[.,;:!?#\x27’‘…&$]$/u;
/** White space, quotation marks, brackets and full stops that were percent-encoded with the URL. */
const escapedMark =
  /%(?:0[9ad]|2[027c]|3[bce]|5c[nrt]?|60|c2%(?:a0|ab|bb)|e2%80%(?:9[89acde]|a[689])|e3%80%8[12]|ef%bc%(?:81|8c|9[abf]))$/iu;
const escapedOpenings: Readonly<Record<string, RegExp>> = {
  "29": /\(|%28/u,
  "5d": /\[|%5b/iu,
  "7d": /%7b/iu,
};
const longestEscape = 9;
/** What nobody ends the name of a file with. */
const behindFile = /[-=+^@~_|]{1,8}$/u;
const longestBehindFile = 16;
/** Where a program cut a long URL to show it. */
const ellipsis = /^(?:\.{3,8}|…|%e2%80%a6)/iu;

type TrimOptions = {
  /** The character before the URL. */
  readonly opener: string;
  /** Whether it ends in a transformation, which may be a text that ends in an exclamation mark. */
  readonly isTransformation: boolean;
};

/**
 * A URL without the marks at its end that end a sentence, a quotation or an emphasis, and without brackets that were
 * opened before it.
 */
export function trimUrlEnd(url: string, { opener, isTransformation }: TrimOptions): string {
  const counts = new Map<string, number>();
  for (const character of url) counts.set(character, (counts.get(character) ?? 0) + 1);
  const count = (character: string) => counts.get(character) ?? 0;
  const isQuery = url.includes("?");
  let end = url.length;
  for (;;) {
    const tail = url.slice(Math.max(0, end - longestEscape), end);
    const [escaped] = escapedMark.exec(tail) ?? unopenedEscape(tail, url) ?? [];
    const behind = isQuery
      ? undefined
      : marksBehindFile(url.slice(Math.max(0, end - longestBehindFile), end));
    const last = url.charAt(end - 1);
    const opening = openings[last];
    const isUnmatched = opening !== undefined && count(last) > count(opening);
    const isEmphasis = /^[*_~]$/u.test(opener) && last === opener;
    const isMark = mark.test(last) && !(isTransformation && (last === "!" || /tr:$/iu.test(tail)));
    if (escaped === undefined && behind === undefined && !isUnmatched && !isEmphasis && !isMark) {
      return url.slice(0, end) + (isQuery || isTransformation ? "" : cutMark(url, end));
    }
    counts.set(last, count(last) - 1);
    end -= escaped?.length ?? behind?.length ?? 1;
  }
}

function unopenedEscape(tail: string, url: string): RegExpExecArray | undefined {
  const closing = /%(29|5d|7d)$/iu.exec(tail) ?? undefined;
  const opening = escapedOpenings[closing?.[1]?.toLowerCase() ?? ""];
  return opening?.test(url) === true ? undefined : closing;
}

function marksBehindFile(tail: string): string | undefined {
  const [marks] = behindFile.exec(tail) ?? [];
  return marks !== undefined && endsInKnownFile(tail.slice(0, -marks.length)) ? marks : undefined;
}

/** The ellipsis behind a name that is no whole file: without it, the rest would pass for the whole URL. */
function cutMark(url: string, end: number): string {
  const [mark = ""] = ellipsis.exec(url.slice(end, end + longestEscape)) ?? [];
  return /\*$|\.[a-z][a-z0-9]{1,4}$/iu.test(url.slice(Math.max(0, end - 6), end)) ? "" : mark;
}
