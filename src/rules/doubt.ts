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

export function findDoubts(rules: readonly DoubtRule[], url: CheckedUrl): readonly Doubt[] {
  return rules.flatMap(({ code, seen, message, repaired }) => {
    const found = seen(url);
    if (found === undefined) return [];
    const quoted = `"${maskSignature(found).slice(0, 40)}"`;
    return [{ code, message: message(quoted), repaired: repaired && withStar(repaired(url), url) }];
  });
}

/** What is repaired in a wildcard is still one. */
function withStar(repaired: string, { kind }: CheckedUrl): string {
  return kind === "wildcard" && !repaired.endsWith("*") ? `${repaired}*` : repaired;
}
