import { maskSignature } from "../../rules/signed-url.ts";
import { partsOf } from "../shared/url-parts.ts";

/**
 * A URL to be cleared: its wildcard and transformations stand out, and its signature is masked. It may break anywhere,
 * and a screen reader reads it as one word.
 */
export function TargetUrl({ url }: { readonly url: string }) {
  return (
    <span class="target">
      {partsOf(maskSignature(url)).map(({ kind, text }) =>
        kind === "plain" ? text : <mark class={kind}>{text}</mark>,
      )}
    </span>
  );
}
