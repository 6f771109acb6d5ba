import type { Clock } from "./time.ts";

/** p: purge, b: batch, l: lease token, o: operation on the ledger, r: HTTP request. */
export type IdPrefix = "p" | "b" | "l" | "o" | "r";

export type RandomBytes = (length: number) => Uint8Array;

/** Crockford's base32 in lower case: sorts like its values, and has no i, l, o or u. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const timeDigits = 10;
const randomDigits = 16;

/** What an id of that prefix looks like. */
export function idPattern(prefix: IdPrefix): RegExp {
  return new RegExp(`^${prefix}_[${alphabet}]{${timeDigits + randomDigits}}$`);
}

/** What ids of the drop-in endpoint look like: as ImageKit's own do. */
export const dropInIdPattern = /^[0-9a-f]{24}$/;

/** Makes an id of the drop-in endpoint, which nobody can guess. */
export function makeDropInId(randomBytes: RandomBytes): string {
  return Array.from(randomBytes(12), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Makes `<prefix>_` + 26 characters like a ULID: 48 bits of milliseconds, 80 random bits. Each id of a maker sorts after
 * the previous one, even within a millisecond and when the clock jumps back.
 */
export function createIdMaker(sources: { readonly clock: Clock; readonly randomBytes: RandomBytes }) {
  let at = -1;
  let random: readonly number[] = [];

  return function makeId(prefix: IdPrefix): string {
    const now = sources.clock.now();
    const next = now > at ? undefined : increment(random);
    if (next === undefined) {
      at = Math.max(now, at + 1);
      random = Array.from(sources.randomBytes(randomDigits), (byte) => byte % alphabet.length);
    } else random = next;
    return `${prefix}_${encodeTime(at)}${random.map((digit) => alphabet.charAt(digit)).join("")}`;
  };
}

function encodeTime(at: number): string {
  let rest = at;
  let text = "";
  for (let digit = 0; digit < timeDigits; digit++) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** The next number, or undefined if every digit is at its maximum. */
function increment(digits: readonly number[]): readonly number[] | undefined {
  const last = digits.findLastIndex((digit) => digit < alphabet.length - 1);
  if (last === -1) return undefined;
  return digits.map((digit, index) => (index < last ? digit : index === last ? digit + 1 : 0));
}
