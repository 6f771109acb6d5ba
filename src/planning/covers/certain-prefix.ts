import { isWiderThanAnEndpoint } from "../../rules/endpoint-of.ts";
import { readCertainTarget } from "../../rules/target.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { firstBetween } from "./halving.ts";

/** The prefixes of one text that may become a wildcard: those of `shortest` to `longest` characters. */
export type Prefixes = {
  readonly text: string;
  /** The path transformations that the wildcard must have, no more and no fewer. */
  readonly stack: string;
  readonly shortest: number;
  readonly longest: number;
};

export type CertainPrefix =
  | { readonly prefix: string }
  /** `hereAndBelow`: nor is there a longer one in any text that begins with this one. */
  | { readonly none: "here" | "hereAndBelow" };

/** Finds the longest prefix about whose wildcard the rules have no doubt. */
export type FindCertainPrefix = (prefixes: Prefixes) => CertainPrefix;

/**
 * How many successive prefixes are judged before giving up on a text. Whatever makes a wildcard doubtful only because of
 * where it ends is shorter: half an escape, half of a template or of a folder's name, a folder of fewer than 15 characters.
 */
const patience = 80;
/**
 * How many characters of prefixes are judged for one request: about a third of a second. Ordinary requests need some
 * tens of thousands; only a hostile one needs more. Beyond the limit no more wildcards are found, which costs units but
 * leaves nothing uncleared.
 */
const mostJudged = 1_000_000;

/** Makes a text long enough for any wildcard without adding a doubt. */
const harmlessEnd = "-/xxxxxxxxxxxxxxx/x";
/** The last character of a text, if it is escaped and might go on. */
const lastEscape = /(?:%[c-f][0-9a-f](?:%[89ab][0-9a-f]){0,2})?(?:%[0-9a-f]?)?$/iu;
const longestEscape = 11;

export function certainPrefixes(endpoints: readonly UrlEndpoint[]): FindCertainPrefix {
  const judged = new Map<string, string | undefined>();
  let left = mostJudged;

  /** The transformations of a wildcard about which there is no doubt. */
  const stackOf = (prefix: string): string | undefined => {
    if (judged.has(prefix) || left < prefix.length) return judged.get(prefix);
    left -= prefix.length;
    const wildcard = `${prefix}*`;
    const isWider = isWiderThanAnEndpoint(wildcard.slice(wildcard.indexOf("//") + 2), endpoints);
    const stack = readCertainTarget(wildcard, endpoints)?.pathTransformations.join("/");
    judged.set(prefix, isWider ? undefined : stack);
    return judged.get(prefix);
  };

  return ({ text, stack, shortest, longest }) => {
    const query = text.indexOf("?");
    const end = query < 0 ? longest : Math.min(query, longest);
    if (end < shortest) return { none: "hereAndBelow" };
    const isCertain = (length: number) => stackOf(text.slice(0, length)) === stack;
    if (isCertain(end)) return { prefix: text.slice(0, end) };

    /** Whether every wildcard that begins with this much is doubtful, and not only because it would end here. */
    const isLost = (length: number) => stackOf(withoutLastEscape(text, length) + harmlessEnd) === undefined;
    const isLostBelow = isLost(end);
    // What is lost stays lost when it goes on.
    let length = isLostBelow ? firstBetween(shortest, end, isLost) : end - 1;
    const last = Math.max(shortest, length - patience);
    for (; length >= last; length -= 1) {
      if (isCertain(length)) return { prefix: text.slice(0, length) };
    }
    return { none: isLostBelow ? "hereAndBelow" : "here" };
  };
}

function withoutLastEscape(text: string, length: number): string {
  const end = text.slice(Math.max(0, length - longestEscape), length);
  return text.slice(0, length - (lastEscape.exec(end)?.[0].length ?? 0));
}
