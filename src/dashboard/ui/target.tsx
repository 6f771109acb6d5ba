import { maskSignature } from "../../rules/signed-url.ts";
import { partsOf } from "../shared/url-parts.ts";

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
