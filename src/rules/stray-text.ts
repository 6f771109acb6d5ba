import { maskSignature } from "./signed-url.ts";

/** How names of images and videos end: what follows is more often a remainder of pasting than a part of the name. */
const fileEnd = /\.(?:avif|bmp|gif|heic|ico|jpe?g|m3u8|mov|mp4|mpd|pdf|png|svg|tiff?|webm|webp)/iu;

/** A mark that seldom stands behind a name; the encoded ones are a space, quotes, `>`, `:`, `}` and `…`. */
const mark = /(?:[,;|!)\]}':]|%20|%22|%3[ae]|%7d|%c2%bb|%e2%80%(?:9[89cd]|a6)|\.$)/iu;

const remainder = new RegExp(`${fileEnd.source}(${mark.source}.*)$`, "iu");
const endsInMark = new RegExp(`(${mark.source})$`, "iu");
const otherUrl = /[^/=]https?:\/\//iu;
/** Zero-width space, direction marks, line separators, word joiner, byte order mark, soft hyphen, no-break space. */
const invisible = /%e2%80%(?:8[bef]|a[89a-e])|%e2%81%a0|%ef%bb%bf|%c2%a[0d]/iu;

/**
 * What stands in an accepted URL that seldom belongs to one and often comes along with pasting, a sentence each. ImageKit
 * would take the URL, and its unit would clear nothing. `path` and `query` are canonical, of an exact URL.
 */
export function strayText(path: string, query: string): readonly string[] {
  const said: string[] = [];
  if (otherUrl.test(path + query)) {
    said.push(
      "Another URL begins in the middle of it, and all of it is sent as one. Put each on a line of its own.",
    );
  } else {
    const tail = tailOf(path, query);
    if (tail !== undefined) {
      said.push(`It ends in ${tail}, which is sent as a part of it. If it is none, leave it out.`);
    }
  }
  const [hidden] = invisible.exec(path + query) ?? [];
  if (hidden !== undefined) {
    said.push(
      `It contains an invisible character, sent as ${hidden}. If it is no part of the name, leave it out.`,
    );
  }
  if (query.includes("&amp;") || path.includes("&amp;")) {
    said.push("It contains &amp;, as the source of a page has it. In a URL that is a plain &.");
  }
  return said;
}

/** What follows the file's name, or the mark at the end of the query; a name such as `a.jpg (1).jpg` has none. */
function tailOf(path: string, query: string): string | undefined {
  if (query !== "") return endsInMark.exec(query)?.[1];
  const name = maskSignature(path).slice(path.lastIndexOf("/"));
  if (/^\/tr(?::|%3a)/iu.test(name) || /\.[a-z0-9]{2,5}$/iu.test(name.replace(fileEnd, ""))) return undefined;
  const tail = remainder.exec(name)?.[1];
  return tail !== undefined && tail.length > 40 ? `${tail.slice(0, 40)}…` : tail;
}
