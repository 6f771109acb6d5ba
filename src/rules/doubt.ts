import type { WarningCode } from "../domain/verdict.ts";
import type { CheckedUrl } from "./checked-url.ts";
import { maskSignature } from "./signed-url.ts";

/** Why a target probably clears nothing, or not what was meant. `repaired` is what may have been meant. */
export type Doubt = {
  readonly code: WarningCode;
  readonly message: string;
  readonly repaired?: string | undefined;
};

/** A rule about what a URL contains. */
export type DoubtRule = {
  readonly code: WarningCode;
  /** The part of the URL that is doubtful, if there is one. */
  readonly seen: (url: CheckedUrl) => string | undefined;
  /** Begins with what to do; `seen` is quoted and shows no signature. */
  readonly message: (seen: string) => string;
  readonly repaired?: (url: CheckedUrl) => string;
};

/** `line` is what the author wrote: messages quote that. */
export function findDoubts(rules: readonly DoubtRule[], url: CheckedUrl, line: string): readonly Doubt[] {
  return rules.flatMap(({ code, seen, message, repaired }) => {
    const found = seen(url);
    if (found === undefined) return [];
    const quoted = `"${asWritten(maskSignature(found), line).slice(0, 40)}"`;
    return [{ code, message: message(quoted), repaired: repaired && withStar(repaired(url), url) }];
  });
}

/** Part of a URL as it is sent, with the letters and marks that its author wrote and can see. */
export function asWritten(seen: string, line: string): string {
  if (!seen.includes("%") || line.includes(seen)) return seen;
  const decoded = decode(seen);
  return line.includes(decoded) && !/[\p{C}\p{Z}]/u.test(decoded) ? decoded : seen;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is repaired in a wildcard is still one. */
function withStar(repaired: string, { kind }: CheckedUrl): string {
  return kind === "wildcard" && !repaired.endsWith("*") ? `${repaired}*` : repaired;
}
