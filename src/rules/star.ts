import type { Refusal } from "../domain/verdict.ts";
import { quote } from "./quote.ts";

/**
 * ImageKit takes a `*` as the last character only (documented). One before or in a fragment is refused too:
 * the fragment is never sent, so the wildcard would be wider, or narrower, than what was written.
 */
export function checkStar(text: string): Refusal | undefined {
  const star = text.indexOf("*");
  if (star < 0) return undefined;
  const fragment = text.indexOf("#");
  if (fragment >= 0) {
    return {
      code: "wildcard-not-last",
      message:
        "A * is a wildcard only as the last character of the URL, and a # begins a part that is never sent. " +
        "Leave out the # and what follows, or write %23 if it is part of a name.",
      repaired: `${text.slice(0, Math.min(star, fragment))}*`,
    };
  }
  if (star === text.length - 1) return undefined;
  return {
    code: "wildcard-not-last",
    message:
      "A * is a wildcard only as the last character of the URL, so there can be only one; here more follows " +
      `after ${quote(text.slice(0, star + 1))}. End the URL there, which clears more, or write %2A for a * in a name.`,
    repaired: text.slice(0, star + 1),
  };
}
