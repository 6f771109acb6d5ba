import { visibleText } from "../../rules/visible-text.ts";

export type UrlPart = { readonly kind: "plain" | "transformation" | "star"; readonly text: string };

/** Path transformations (`/tr:…/`), query transformations (`tr=…`) and the final asterisk; the rest is plain. */
export function partsOf(givenUrl: string): readonly UrlPart[] {
  const url = visibleText(givenUrl);
  const parts: UrlPart[] = [];
  // No lookbehind: Safari 16.0 has none.
  const marked = /\/(tr:[^/]+)|[?&](tr=[^&*]+)|\*$/g;
  let from = 0;
  for (const { 0: found, 1: inPath, 2: inQuery, index } of url.matchAll(marked)) {
    const text = inPath ?? inQuery ?? found;
    const start = index + found.length - text.length;
    if (start > from) parts.push({ kind: "plain", text: url.slice(from, start) });
    parts.push({ kind: found === "*" ? "star" : "transformation", text });
    from = start + text.length;
  }
  if (from < url.length) parts.push({ kind: "plain", text: url.slice(from) });
  return parts;
}
