import { matchAt, readUnit } from "./text-unit.ts";
import { type TransformationTracker, trackTransformations } from "./transformation-tracker.ts";

export type ScanOptions = {
  /** The character before the URL, which may have an end of its own: `'`, `(`. */
  readonly opener: string;
  /** Whether the whole text is the URL, so that spaces belong to it. */
  readonly isWholeText: boolean;
  /** Whether another URL under an endpoint begins at this position. */
  readonly beginsUrl: (at: number) => boolean;
};

const closings: Readonly<Record<string, string>> = {
  "'": "'",
  "‘": "’",
  "’": "’",
  "‚": "‘’",
  "(": ")",
  "[": "]",
  "{": "}",
};
const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** No URL contains these, and whoever writes one around a URL means its end. */
const neverInside = /^[\s\p{Cc}<>"`|\\“”„‟«»‹›。，、；：！？）】」』》]$/u;
/** These never end a URL. An `h` may begin the next one. */
const plain = /^[a-gi-z0-9_./~%+@?=&-]$/iu;
const invisible = /^[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]$/u;
const template = /\{\{[^{}"<>\r\n]{0,100}\}\}|\$?\{[^{}"<>\r\n]{0,100}\}|<%[^<>"\r\n]{0,100}%>/uy;
const fileAtEnd = /\.[a-z][a-z0-9]{1,4}\*?$/iu;
const nextParameter = /[a-z][a-z_]{0,15}-/iuy;
/** More cells of a table: words without a slash or a dot. */
const moreCells = /[,;][^\s/."'<>]{0,100}(?=[\s"'<>]|$)/uy;
/** ` shoe (1).jpg` up to the end of a line or cell. */
const restOfName = /[ \u00a0][^\t\r\n"<>|:]{0,100}\.[a-z][a-z0-9]{1,4}(?=[\t\r\n"”“’'<>|]|$)/iuy;
const copyOfName = /[ \u00a0](?:\(|- )[^\t\r\n"<>|:]{0,100}\.[a-z][a-z0-9]{1,4}(?=[\t\r\n"”“’'<>|]|$)/iuy;
const restOfLayer = /[^\t\r\n"<>|]{0,300}l-end/uy;

/**
 * Reads a URL from its path on, as far as it goes: `rest` is decoded and without what was written around it, `end` is
 * where it ends in the text. Transformations are kept whole.
 */
export function scanUrl(
  text: string,
  from: number,
  options: ScanOptions,
): { readonly rest: string; readonly end: number } {
  const tracker = trackTransformations();
  const open: Record<string, number> = { "(": 0, "[": 0, "{": 0 };
  let rest = "";
  let at = from;
  while (at < text.length) {
    const [filled] = "{$<".includes(text.charAt(at)) ? (matchAt(template, text, at) ?? []) : [];
    if (filled !== undefined) {
      rest += filled.replaceAll(/\s/gu, "%20");
      at += filled.length;
      continue;
    }
    const { character, size } = readUnit(text, at);
    if (character > "~" && invisible.test(character)) {
      at += size;
      continue;
    }
    if (!plain.test(character) && isEnd(character, { text, at, rest, tracker, open, ...options })) break;
    tracker.read(character);
    if (character in open) open[character] = (open[character] ?? 0) + 1;
    const opening = brackets[character];
    if (opening !== undefined) open[opening] = (open[opening] ?? 0) - 1;
    rest += isSpace(character) ? "%20" : character;
    at += size;
  }
  return { rest: trimEnd(rest, options.opener), end: at };
}

type Place = ScanOptions & {
  readonly text: string;
  readonly at: number;
  readonly rest: string;
  readonly tracker: TransformationTracker;
  readonly open: Readonly<Record<string, number>>;
};

function isEnd(character: string, place: Place): boolean {
  const { text, at, rest, tracker, open, opener, isWholeText, beginsUrl } = place;
  const previous = rest.at(-1) ?? "";
  const isAfterFile = () => !tracker.isInQuery() && fileAtEnd.test(rest.slice(-8));
  if (neverInside.test(character)) {
    if (tracker.isInLayer() && !/^[\t\r\n"<>]$/u.test(character)) {
      return matchAt(restOfLayer, text, at) === undefined;
    }
    if (!isSpace(character)) return true;
    return !isWholeText && !isNameWithSpaces(place, isAfterFile());
  }
  if (/^h$/iu.test(character) && !"/=".includes(previous) && beginsUrl(at)) {
    return !(tracker.isInLayer() && previous === "-");
  }
  if (tracker.isInLayer()) return false;
  if (closings[opener]?.includes(character) === true && !isBalanced(character, open)) return true;
  switch (character) {
    case ",":
    case ";":
      if (/^[\s"'<]?$/u.test(text.charAt(at + 1)) || beginsUrl(at + 1)) return true;
      if (tracker.isInside()) return character === ";" || matchAt(nextParameter, text, at + 1) === undefined;
      return tracker.isInQuery() || isAfterFile() || matchAt(moreCells, text, at) !== undefined;
    case "'":
      return isAfterFile();
    case ")":
    case "]":
    case "}":
      return isAfterFile() && !isBalanced(character, open);
    default:
      return false;
  }
}

function isSpace(character: string): boolean {
  return character === " " || character === "\u00a0";
}

function isBalanced(closing: string, open: Readonly<Record<string, number>>): boolean {
  const opening = brackets[closing];
  return opening !== undefined && (open[opening] ?? 0) > 0;
}

/** Whether a space belongs to a file's name: only where nothing but the URL stands in its line, cell or quotes. */
function isNameWithSpaces({ text, at, opener, tracker }: Place, isAfterFile: boolean): boolean {
  if (tracker.isInQuery() || !/^[\t\r\n"'“„”«>]?$/u.test(opener)) return false;
  const [name] = matchAt(isAfterFile ? copyOfName : restOfName, text, at) ?? [];
  return name !== undefined;
}

/** Without the marks that end a sentence, a quotation or an emphasis, and without brackets that were opened before. */
function trimEnd(rest: string, opener: string): string {
  const counts = new Map<string, number>();
  for (const character of rest) counts.set(character, (counts.get(character) ?? 0) + 1);
  const count = (character: string) => counts.get(character) ?? 0;
  let end = rest.length;
  for (;;) {
    const [escaped] =
      /%(?:0[9ad]|2[027]|3[ce]|5c|c2%a0|e2%80%(?:9[89acd]|a[68]))$/iu.exec(
        rest.slice(Math.max(0, end - 9), end),
      ) ?? [];
    const last = rest.charAt(end - 1);
    const opening = brackets[last];
    const isUnmatched = opening !== undefined && count(last) > count(opening);
    const isEmphasis = /^[*_~]$/u.test(opener) && last === opener;
    if (escaped === undefined && !isUnmatched && !isEmphasis && !/^[.,;:!?'’‘…&$]$/u.test(last)) break;
    counts.set(last, count(last) - 1);
    end -= escaped?.length ?? 1;
  }
  return rest.slice(0, end);
}
