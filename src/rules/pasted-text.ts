import { maskSignature } from "./signed-url.ts";

/** Pairs of marks that people and programs put around a URL: each opening mark with its closing one. */
const wrappings = `""''“”„“«»‘’<>()[]`;

/** The only URL in a line that begins with other text: `[shoe](https://…)`, `"https://…"`, `1. https://…`. */
export function wrappedUrl(text: string): string | undefined {
  const [before = "", url, ...others] = text.split(/(?=https?:\/\/)/iu);
  if (others.length > 0) return undefined;
  if (/[\s\u200b]$/u.test(before)) return url;
  const opening = wrappings.indexOf(before.slice(-1));
  return opening < 0 ? undefined : url?.split(wrappings.charAt(opening + 1))[0];
}

/**
 * What rarely belongs to a URL: a second URL; `&amp;` from a page's source; invisible characters, except joiners; a
 * punctuation mark at the end; and text after a file's extension that begins with a punctuation mark, unless another
 * dot follows, as in `a.jpg (1).jpg`.
 */
const seldomMeant =
  /[^/=](https?:\/\/)|(&amp;|%e2%80%(?:8[bef]|a[89a-e])|%ef%bb%bf|%c2%a[0d]|[,;|]$|%22$)|\/[^/?]*\.[a-z]\w{2,3}([%,;|)\]'][^/?.]*|\.)$/iu;

/**
 * Text in a URL that was probably pasted by accident. ImageKit would accept such a URL, and its unit would clear
 * nothing. `url` is the canonical form of an exact target.
 */
export function strayText(url: string): string | undefined {
  const [, ...found] = seldomMeant.exec(maskSignature(url.slice(9))) ?? [];
  return found.find(Boolean)?.slice(0, 40);
}
