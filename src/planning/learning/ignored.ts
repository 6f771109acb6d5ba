import { maskSignature } from "../../rules/signed-url.ts";
import { visibleText } from "../../rules/visible-text.ts";

/** What was found in a text but not learned. `example` is masked and at most 200 characters long. */
export type Ignored = { readonly why: string; readonly count: number; readonly example: string };

const longestExample = 200;

export type IgnoredCounter = {
  readonly add: (why: string, example: string, count?: number) => void;
  /** The most frequent first. */
  readonly list: () => readonly Ignored[];
};

export function countIgnored(): IgnoredCounter {
  const byReason = new Map<string, { count: number; readonly example: string }>();
  return {
    add(why, example, count = 1) {
      const known = byReason.get(why);
      if (known === undefined) byReason.set(why, { count, example: shown(example) });
      else known.count += count;
    },
    list: () =>
      [...byReason]
        .map(([why, { count, example }]) => ({ why, count, example }))
        .sort((one, other) => other.count - one.count),
  };
}

/** Masked before it is cut, because half of a signature's name would not be recognised and masked. */
function shown(example: string): string {
  const masked = visibleText(maskSignature(example.slice(0, 20 * longestExample)));
  return masked.length > longestExample ? `${masked.slice(0, longestExample - 1)}…` : masked;
}
