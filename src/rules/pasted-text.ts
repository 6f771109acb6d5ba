import type { Rejection } from "../domain/verdict.ts";
import type { FoundUrl } from "./find-urls.ts";
import { quote } from "./quote.ts";

/** How many URLs a message names. */
const shown = 3;

/** The rejection of a line with several URLs under the endpoints, each of which would be a line of its own. */
export function severalUrls(found: readonly FoundUrl[]): Rejection | undefined {
  const urls = [...new Set(found.map(({ url }) => url))];
  const beginsTheLine = found[0]?.start === 0;
  if (found.length < 2 || (urls.length < 2 && !beginsTheLine)) return undefined;
  const more = urls.length > shown ? ` and ${urls.length - shown} more` : "";
  return {
    code: "several-urls",
    message: "Put each URL on a line of its own.",
    why: `The line contains ${found.length} URLs: ${urls.slice(0, shown).map(quote).join(", ")}${more}.`,
    repairs: [urls],
  };
}

/** The rejection of a line in which other text comes before its URL: `Bild: https://…`, `"https://…"`, `1. https://…`. */
export function textAroundUrl(line: string, found: readonly FoundUrl[]): Rejection | undefined {
  const [first] = found;
  if (first === undefined || first.start === 0) return undefined;
  return {
    code: "not-a-url",
    message: "Leave only the URL on the line.",
    why: `The line must begin with https:// or http://, but begins with ${quote(line.slice(0, first.start))}.`,
    repairs: [[first.url]],
  };
}

/** Refuses what no URL contains as it is: white space, quotation marks and angle brackets. */
export function strayCharacters(pathAndQuery: string): readonly Rejection[] {
  const [seen] = /[<>"]|(?!\p{Cc})\s/u.exec(pathAndQuery) ?? [];
  if (seen === undefined) return [];
  const name = seen === '"' ? "quotation mark" : /\s/u.test(seen) ? "white space" : `"${seen}"`;
  return [
    {
      code: "not-a-url",
      message: `Remove the ${name} and what does not belong to the URL. If it is part of a name, percent-encode it.`,
      why: "No URL contains white space, quotation marks or angle brackets as they are.",
    },
  ];
}

const file = /\.[a-z][a-z0-9]{1,4}\*?$/iu;
/** White space beside a slash, unless a file's name ends before it. */
const beside = /(?<=\/)\s{1,9}|(?<!\.[a-z0-9]{2,5})\s{1,9}(?=\/)/giu;
/** The last name, in quotation marks or angle brackets of its own. */
const marked = /\/["'`<]([^/"'`<>]{1,200})["'`>]$/u;

/**
 * What may have been meant by a line: the URL in it, if that is all of the line, a whole file or has a query; else the
 * whole line, percent-encoded, if that ends in a file.
 */
export function repairsOf(line: string, found: readonly FoundUrl[]): readonly (readonly string[])[] {
  const [first, ...others] = found;
  if (others.length > 0) return [];
  const bare = line.replace(beside, "").replace(marked, "/$1");
  const repairs = bare !== line && file.test(bare) ? [[bare]] : [];
  if (first === undefined) return repairs;
  const isWhole = first.end === line.length || file.test(first.url) || first.url.includes("?");
  if (isWhole) return [...repairs, [first.url], ...withHashInName(first.url)];
  if (!file.test(line) || /[<>"]/u.test(line)) return repairs;
  return [...repairs, [line.replace(/\s/gu, encodeURIComponent)]];
}

/** A name with a `#`, which would otherwise end the URL. */
function withHashInName(url: string): readonly (readonly string[])[] {
  return url.includes("#") && /[^*]$/u.test(url) && file.test(url) ? [[url.replaceAll("#", "%23")]] : [];
}
