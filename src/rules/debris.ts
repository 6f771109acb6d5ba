import { canonicalLine } from "./canonical.ts";
import { asWritten, type Doubt } from "./doubt.ts";
import { cleanUrl } from "./find-urls.ts";
import { decodeParameters } from "./quoted-printable.ts";
import { maskSignature } from "./signed-url.ts";
import type { UrlEndpoint } from "./url-endpoint.ts";

/** Nothing can have been pasted behind such a URL: it is only words, and ends in one. */
const unsuspicious = /^https?:\/\/[\w.~/@+-]*(?:\/tr:[\w,:-]{1,300}\/[\w.~/@+-]*)?(?:\?[\w.~=&+-]*)?\*?$/iu;
/** Characters that are not seen, except joiners: a soft hyphen, zero-width spaces, marks of direction. */
const invisible = /%c2%ad|%e2%80%(?:8[bef]|a[89a-e])|%e2%81%a[0-9]|%ef%bb%bf/giu;
/** A name in quotation marks of its own. */
const quotedName = /\/(%22|%27|%60|')([^/?'%]{1,200})\1$/iu;

/**
 * Text in a URL that was probably pasted by accident: what a reader of any text would not take for part of it. ImageKit
 * would accept such a URL, and its unit would clear nothing. `sent` is the canonical form of `line`.
 */
export function findDebris(sent: string, line: string, endpoints: readonly UrlEndpoint[]): readonly Doubt[] {
  const decoded = decodeParameters(sent);
  if (decoded === sent && /[a-z0-9/*]$/iu.test(sent) && unsuspicious.test(sent)) return [];
  const repaired = cleanUrl(decoded.replace(invisible, "").replace(quotedName, "/$2"), endpoints);
  const clean = repaired === undefined ? sent : canonicalLine(repaired);
  if (repaired === undefined || clean === undefined || clean === sent) return [];
  const debris = difference(sent, clean);
  // No part of a signature is shown, not even as debris.
  const isShown = debris !== "" && maskSignature(sent).includes(debris);
  const seen = isShown ? `"${asWritten(debris, line).slice(0, 40)}"` : "what follows the URL";
  const message = `Remove ${seen} if it does not belong to the URL: it is sent as part of it, which probably clears nothing.`;
  return [{ code: "stray-text", message, repaired: isNameLost(debris, repaired) ? undefined : repaired }];
}

/** Whether a folder is left of a file's URL. */
function isNameLost(debris: string, repaired: string): boolean {
  return repaired.endsWith("/") && /\w/u.test(debris.replace(/%[0-9a-f]{2}/giu, ""));
}

function difference(sent: string, clean: string): string {
  const [entity] = /&(?:amp;|#0*38;|#x0*26;)+/iu.exec(sent) ?? [];
  if (entity !== undefined) return entity;
  const [, mark] = quotedName.exec(sent) ?? [];
  if (mark !== undefined) return mark;
  let start = 0;
  while (start < clean.length && sent[start] === clean[start]) start += 1;
  let end = 0;
  while (end < clean.length - start && sent.at(-1 - end) === clean.at(-1 - end)) end += 1;
  return sent.slice(start, sent.length - end);
}
