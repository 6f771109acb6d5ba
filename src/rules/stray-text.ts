import { maskSignature } from "./signed-url.ts";

/**
 * Another URL; what a page's source has for `&`; characters that nobody sees, joiners apart; a mark at the end; and what
 * begins with a mark behind the end of a file's name, unless another dot follows, as in `a.jpg (1).jpg`.
 */
const seldomMeant =
  /[^/=](https?:\/\/)|(&amp;|%e2%80%(?:8[bef]|a[89a-e])|%ef%bb%bf|%c2%a[0d]|[,;|]$|%22$)|\/[^/?]*\.[a-z]\w{2,3}([%,;|)\]'][^/?.]*|\.)$/iu;

/**
 * What often comes along with pasting and seldom belongs to a URL: ImageKit would take it, and its unit would clear
 * nothing. `url` is canonical and of an exact target.
 */
export function strayText(url: string): string | undefined {
  const [, ...found] = seldomMeant.exec(maskSignature(url.slice(9))) ?? [];
  return found.find(Boolean)?.slice(0, 40);
}
