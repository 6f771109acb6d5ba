import { maskSignature } from "../../rules/signed-url.ts";
import { partsOf } from "../shared/url-parts.ts";

/**
 * A URL to be cleared: its wildcard and transformations stand out, and its signature is masked. It breaks at the signs
 * that divide it, and anywhere only if a part alone is too long.
 */
export function TargetUrl({ url }: { readonly url: string }) {
  return (
    <span class="target">
      {partsOf(maskSignature(url)).map(({ kind, text }) =>
        kind === "plain" ? <Breakable text={text} /> : <mark class={kind}>{text}</mark>,
      )}
    </span>
  );
}

/** Where a browser itself would not break. Adds nothing to the text: a copy of it is the URL alone. */
function Breakable({ text }: { readonly text: string }) {
  const [first = "", ...others] = text.split(/(?<=[^:/]\/|[?&_])/);
  return (
    <>
      {first}
      {others.map((part) => (
        <>
          <wbr />
          {part}
        </>
      ))}
    </>
  );
}
