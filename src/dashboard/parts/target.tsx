import { maskSignature } from "../../rules/signed-url.ts";

/**
 * A URL to be cleared, its wildcard and transformations made visible and signatures masked. It may break anywhere, and
 * a screen reader reads it as one.
 */
export function Target({ url }: { readonly url: string }) {
  return (
    <span class="target">
      <TargetParts url={url} />
    </span>
  );
}

/** The same for where the surroundings give it its looks. */
export function TargetParts({ url }: { readonly url: string }) {
  return (
    <>
      {partsOf(maskSignature(url)).map(({ kind, text }) =>
        kind === "plain" ? text : <mark class={kind === "star" ? "star" : undefined}>{text}</mark>,
      )}
    </>
  );
}

type Part = { readonly kind: "plain" | "transformation" | "star"; readonly text: string };

/** Path transformations (`/tr:…/`), query transformations (`tr=…`) and the final asterisk; the rest is plain. */
function partsOf(url: string): readonly Part[] {
  const parts: Part[] = [];
  const marked = /(?<=\/)tr:[^/]+|(?<=[?&])tr=[^&*]+|\*$/g;
  let from = 0;
  for (const { 0: text, index } of url.matchAll(marked)) {
    if (index > from) parts.push({ kind: "plain", text: url.slice(from, index) });
    parts.push({ kind: text === "*" ? "star" : "transformation", text });
    from = index + text.length;
  }
  if (from < url.length) parts.push({ kind: "plain", text: url.slice(from) });
  return parts;
}
