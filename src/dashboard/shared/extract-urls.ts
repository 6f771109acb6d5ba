import { findUrls } from "../../rules/find-urls.ts";
import { foreignUrls } from "../../rules/foreign-urls.ts";
import { decodeQuotedPrintable } from "../../rules/quoted-printable.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { capitalize, pluralize } from "./words.ts";

/** What was found in a text that is not simply a list of URLs. */
export type Extraction = {
  /** Each once, in order. */
  readonly urls: readonly string[];
  readonly repeats: number;
  /** How many different URLs are under none of the endpoints. */
  readonly foreign: number;
  /** One of them; absent in a page's source, where it would often be a namespace. */
  readonly example?: string | undefined;
  /** Lines without any URL, such as a heading; 0 in a page's source, where nearly every line is one. */
  readonly others: number;
};

/**
 * Finds the URLs of the endpoints in what was pasted, dropped or read from a file. Undefined if there are none, or if
 * the text is a list already, one clean URL a line: then it stays as it is, typing errors included, and is judged line
 * by line.
 */
export function extractUrls(text: string, endpoints: readonly UrlEndpoint[]): Extraction | undefined {
  const plain = decodeQuotedPrintable(text.replace(/^\ufeff/, ""));
  const found = findUrls(plain, endpoints);
  const urls = new Set(found.map(({ url }) => url));
  if (urls.size === 0) return undefined;
  const lines = linesOf(plain, found);
  if (lines.every(isListed)) return undefined;
  const isMarkup = /<[a-z!?/]/i.test(plain);
  const foreign = new Set(foreignUrls(plain, found));
  return {
    urls: [...urls],
    repeats: found.length - urls.size,
    foreign: foreign.size,
    example: isMarkup ? undefined : [...foreign][0],
    others: isMarkup ? 0 : lines.filter(({ text, own }) => own.length === 0 && !text.includes("://")).length,
  };
}

/**
 * A line of a list: just its URL, or a word that is to be judged as if it were one, such as a URL with a typing error. A
 * first word such as `url` or `image` is the heading of a column.
 */
function isListed({ text, own }: Line, index: number): boolean {
  const line = text.trim();
  if (own.length > 0) return own.length === 1 && own[0] === line;
  return !/\s/.test(line) && (index > 0 || /[./]/.test(line));
}

type Line = { readonly text: string; readonly own: readonly string[] };

/** The lines that are not blank, each with the URLs that begin in it. */
function linesOf(text: string, found: ReturnType<typeof findUrls>): readonly Line[] {
  const lines: Line[] = [];
  let next = 0;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const own: string[] = [];
    for (let one = found[next]; one !== undefined && one.start < index + line.length; one = found[next]) {
      own.push(one.url);
      next += 1;
    }
    if (line.trim() !== "") lines.push({ text: line, own });
  }
  return lines;
}

/** `37 URLs found in what you pasted.` and what was left out: nothing is dropped silently. */
export function extractionWords(extraction: Extraction, where: string): string {
  const { urls, repeats, foreign, example, others } = extraction;
  const left = [
    repeats === 0 ? [] : [pluralize(repeats, "repetition")],
    others === 0 ? [] : [`${pluralize(others, "line")} without a URL`],
    foreign === 0 ? [] : [foreignWords(foreign, example)],
  ].flat();
  const found = `${pluralize(urls.length, "URL")} found in ${where}.`;
  return left.length === 0 ? found : `${found} ${capitalize(`left out: ${left.join(", ")}`)}.`;
}

function foreignWords(count: number, example: string | undefined): string {
  const what = `${count === 1 ? "1 URL that is" : `${count} URLs that are`} not under your endpoints`;
  if (example === undefined) return what;
  const masked = maskSignature(example);
  return `${what} (${masked.length > 60 ? `${masked.slice(0, 59)}…` : masked})`;
}
