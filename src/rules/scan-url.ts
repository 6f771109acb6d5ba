import { endsInKnownFile } from "./image-file.ts";
import { matchAt, readUnit } from "./text-unit.ts";
import { type TransformationTracker, trackTransformations } from "./transformation-tracker.ts";
import { trimUrlEnd } from "./trim-url-end.ts";

export type ScanOptions = {
  /** The character before the URL, which may have an end of its own: `'`, `(`. */
  readonly opener: string;
  /** Whether the whole text is the URL, so that spaces belong to it. */
  readonly isWholeText?: boolean;
  /** Whether the text is a line with one URL, so that a comma in a name does not begin the next cell of a table. */
  readonly isOneLine?: boolean;
  /** Whether another URL, which is to be found on its own, begins at this position. */
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

/** No URL contains these. One of them behind a URL marks its end. */
const neverInside = /^[\s\p{Cc}<>"`|\\“”„‟«»‹›。，、；：！？）】」』》]$/u;
/** What is inside a name or a layer all the same is percent-encoded. */
const encoded: Readonly<Record<string, string>> = {
  " ": "%20",
  "\u00a0": "%C2%A0",
  '"': "%22",
  "<": "%3C",
  ">": "%3E",
  "`": "%60",
  "|": "%7C",
};
/** These do not end a URL, but see `mayEndPlainly`. An `h` may begin the next one. */
const plain = /^[a-gi-z0-9_./~+@?=&-]$/iu;

/** What stands before a URL that is alone in its line, cell or quotes. */
const standsAlone = /^[\t\r\n"'“„”«<>]?$/u;
const invisible = /^[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]$/u;
const template =
  /\{\{[^{}"<>\r\n]{0,100}\}\}|\$?\{[^{}"<>\r\n]{0,100}\}|<([%?])[^<>"\r\n]{0,100}\1>|\[object \w{1,30}\]/uy;
/** The next parameter of a transformation after a space: `w-300, h-200`. */
const spacedParameter = / {1,3}[a-z]{1,4}-[\w.]{1,20}(?=[,:/\s"'<)]|$)/uy;
/** `[/img]` and `[/url]`, as in forums. */
const closingTag = /\[\/[a-z]{1,10}\]/iuy;
const longestTail = 8;
const fileAtEnd = /\.[a-z][a-z0-9]{1,4}\*?$/iu;
const nextParameter = /[a-z][a-z_]{0,15}-/iuy;
/** More cells of a table: words without a slash or a dot. */
const moreCells = /[,;][^\s/."'<>]{0,100}(?=[\s"'<>]|$)/uy;
/** ` shoe (1).jpg` up to the end of a line or cell. */
const restOfName = /[ \u00a0][^\t\r\n"<>|:]{0,100}\.[a-z][a-z0-9]{1,4}(?=[\t\r\n"”“’'<>|]|$)/iuy;
/** The same after a comma, where a slash may belong to the next URL. */
const restAfterComma = /[ \u00a0][^\t\r\n"<>|:/]{0,100}\.[a-z][a-z0-9]{1,4}(?=[\t\r\n"”“’'<>|]|$)/iuy;
/** The same in a cell between commas or semicolons. */
const restOfCell = /[ \u00a0][^\t\r\n"<>|:,;]{0,100}\.[a-z][a-z0-9]{1,4}(?=[\t\r\n,;]|$)/iuy;
const copyOfName = /[ \u00a0](?:\(|- )[^\t\r\n"<>|:]{0,100}\.[a-z][a-z0-9]{1,4}(?=[\t\r\n"”“’'<>|]|$)/iuy;
const restOfLayer = /[^\t\r\n]{0,300}l-end/uy;
/** What was percent-encoded with the URL: angle brackets and quotation marks, the width of a srcset, a note. */
const encodedEnd = /%(?:3[ce]|22|60|c2%(?:ab|bb)|e2%80%(?:9[89acde]|a[689]))/iuy;
const encodedWidth = /%20\d{1,5}(?:\.\d{1,2})?[wx](?=,|$)/iuy;
const encodedNote = /%20[^/?.#]{0,100}(?=[?#]|$)/iuy;
/** What no file's extension is followed by: other letters, a place in a program, a macro's end, text in brackets. */
const encodedLetter = /%[c-f][\da-f]/iuy;
const codePlace = /:\d{1,6}(?::\d{1,6})?(?=[\s)\]"'<>]|$)/uy;
const macroEnd = /\{(?:code|noformat|quote|color|panel)\}/iuy;
const bracketed = /(?:\([^()/?]{0,60}\)|\[[^[\]/?]{0,60}\])(?=[\s"'<>,;]|$)/uy;
const commentEnd = /--!?(?:>|&gt;)/iuy;
/** An ampersand where the URL's own `?` belongs, not one that begins the next parameter of a URL around it. */
const ownParameter = /&(?:amp;)?(?:tr|v|updatedAt|ik-[\w-]{1,20})=/iuy;

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
  /** The last characters of `rest`: reading them there would copy all of it each time. */
  let tail = "";
  let at = from;
  const add = (piece: string) => {
    rest += piece;
    tail = (tail + piece).slice(-longestTail);
  };
  while (at < text.length) {
    const [filled] = "{$<[".includes(text.charAt(at)) ? (matchAt(template, text, at) ?? []) : [];
    if (filled !== undefined && matchAt(macroEnd, text, at) === undefined) {
      add(filled.replaceAll(/\s/gu, "%20"));
      at += filled.length;
      continue;
    }
    const { character, size } = readUnit(text, at);
    if (character > "~" && invisible.test(character)) {
      // Between two URLs it separates them, also after a slash, where a visible character would make the second a part.
      if (options.beginsUrl(at + size)) break;
      at += size;
      continue;
    }
    if (character === " " && tracker.isInside() && tail.endsWith(",") && !tracker.isInLayer()) {
      if (matchAt(spacedParameter, text, at) === undefined) break;
      at += size;
      continue;
    }
    const isPlain =
      plain.test(character) && !mayEndPlainly(character, text.charAt(at + size), options.opener);
    if (!isPlain && isEnd(character, { text, at, size, tail, tracker, open, ...options })) break;
    tracker.read(character);
    if (character in open) open[character] = (open[character] ?? 0) + 1;
    const opening = brackets[character];
    if (opening !== undefined) open[opening] = (open[opening] ?? 0) - 1;
    add(encoded[character] ?? character);
    at += size;
  }
  return {
    rest: trimUrlEnd(rest, { opener: options.opener, isTransformation: tracker.isInside() }),
    end: at,
  };
}

/** Where a character of `plain` may end a URL all the same: at `-->`, and at `&` in the parameter of another URL. */
function mayEndPlainly(character: string, next: string, opener: string): boolean {
  return (character === "-" && next === "-") || (character === "&" && opener === "=");
}

type Place = ScanOptions & {
  readonly text: string;
  readonly at: number;
  /** How many characters of the text the one at `at` takes. */
  readonly size: number;
  readonly tail: string;
  readonly tracker: TransformationTracker;
  readonly open: Readonly<Record<string, number>>;
};

function isEnd(character: string, place: Place): boolean {
  const { text, at, size, tail, tracker, open, opener, isWholeText, isOneLine, beginsUrl } = place;
  const previous = tail.at(-1) ?? "";
  const isAfterFile = () => !tracker.isInQuery() && fileAtEnd.test(tail);
  const isAfterKnownFile = () => !tracker.isInQuery() && !tracker.isInside() && endsInKnownFile(tail);
  const isHere = (expression: RegExp) => matchAt(expression, text, at) !== undefined;
  if (neverInside.test(character)) {
    if (tracker.isInLayer() && !/^[\t\r\n]$/u.test(character) && character !== opener) {
      return matchAt(restOfLayer, text, at) === undefined;
    }
    if (!isSpace(character)) return true;
    return isWholeText !== true && !isNameWithSpaces(place, isAfterFile());
  }
  if (/^h$/iu.test(character)) {
    const isPart = previous === "/" || previous === "=" || (previous === "-" && tracker.isInLayer());
    return !isPart && beginsUrl(at);
  }
  if (tracker.isInLayer()) return false;
  if (closings[opener]?.includes(character) === true && !isBalanced(character, open)) return true;
  switch (character) {
    case "%":
      if (tracker.isInside()) return isHere(encodedWidth);
      if (isAfterKnownFile() && isHere(encodedLetter)) return true;
      if (!tracker.isInQuery() && !isAfterFile()) return false;
      return [encodedEnd, encodedWidth, ...(tracker.isInQuery() ? [] : [encodedNote])].some(isHere);
    case ",":
    case ";":
      if (isNameWithComma(place, isAfterFile())) return false;
      if (tracker.isInside() && matchAt(spacedParameter, text, at + size) !== undefined) return false;
      if (/^[\s"'<]?$/u.test(text.charAt(at + size)) || beginsUrl(at + size)) return true;
      if (tracker.isInside())
        return character === ";" || matchAt(nextParameter, text, at + size) === undefined;
      if (tracker.isInQuery() || isAfterFile()) return true;
      return isOneLine !== true && isHere(moreCells);
    case "-":
      return isHere(commentEnd);
    case "&":
      return opener === "=" && isAfterKnownFile() && !isHere(ownParameter);
    case ":":
      return isAfterKnownFile() && isHere(codePlace);
    case "{":
      return isAfterKnownFile() && isHere(macroEnd);
    case "(":
      return isAfterKnownFile() && isHere(bracketed);
    case "[":
      return isHere(closingTag) || (isAfterKnownFile() && isHere(bracketed));
    case "'":
      return isAfterFile();
    case ")":
    case "]":
    case "}":
      return isAfterFile() && !isBalanced(character, open);
    default:
      return character > "~" && isAfterKnownFile();
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
  if (tracker.isInQuery()) return false;
  if (/^[,;]$/u.test(opener)) return !isAfterFile && matchAt(restOfCell, text, at) !== undefined;
  return standsAlone.test(opener) && matchAt(isAfterFile ? copyOfName : restOfName, text, at) !== undefined;
}

/** Whether a comma belongs to a file's name, as in `Image May 22, 2025.png`: under the same condition. */
function isNameWithComma({ text, at, size, opener, tracker }: Place, isAfterFile: boolean): boolean {
  if (tracker.isInQuery() || tracker.isInside() || isAfterFile || !standsAlone.test(opener)) return false;
  return matchAt(restAfterComma, text, at + size) !== undefined;
}
