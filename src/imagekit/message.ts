import { secretMask } from "../domain/secrets.ts";

/** Nothing a message says is longer than this, in characters. */
const messageLimit = 300;
/** How much of a body is looked at: keeps the cost of a hostile one small. */
const lookedAt = 4_000;

/** The value of a URL's signature or expiry, as it is or percent-, JSON- or HTML-encoded. */
const signature = /(ik(?:-|%2d)[st](?:=|%3d|\\u003d|&#61;))[^&\s"'<>#]*/gi;

/**
 * A text from outside as a message: one line, no control or invisible characters, no markup, no credentials
 * (signature values and the given secrets), at most 300 characters.
 */
export function toMessage(text: string, secrets: readonly string[]): string {
  const masked = secretMask(secrets);
  // Before anything is cut off: a secret cut in two is masked by nobody.
  const line = masked(text)
    .slice(0, lookedAt)
    .replace(/\s+/gu, " ")
    .replace(/\p{C}+/gu, "")
    .replace(/<[^<>]*>/g, " ")
    .replace(/ +/g, " ")
    .trim();
  return shorten(masked(line).replace(signature, "$1***"));
}

function shorten(line: string): string {
  const characters = Array.from(line);
  return characters.length <= messageLimit ? line : `${characters.slice(0, messageLimit - 1).join("")}…`;
}
