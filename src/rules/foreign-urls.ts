import type { FoundUrl } from "./find-urls.ts";

const absolute = /https?:\/\/[^\s"'<>`|\\]{1,200}/giu;

/**
 * The absolute URLs of a text that are under no endpoint, such as one with a misspelt id: those that stand apart from
 * what `findUrls` found there. Each is as written, at most 200 characters of it.
 */
export function foreignUrls(text: string, found: readonly FoundUrl[]): readonly string[] {
  const foreign: string[] = [];
  let next = 0;
  for (const { 0: url, index } of text.matchAll(absolute)) {
    while ((found[next]?.end ?? Number.POSITIVE_INFINITY) <= index) next += 1;
    const start = found[next]?.start ?? Number.POSITIVE_INFINITY;
    if (start >= index + url.length) foreign.push(url.replace(/[.,;:!?)\]}]{1,9}$/u, ""));
  }
  return foreign;
}
