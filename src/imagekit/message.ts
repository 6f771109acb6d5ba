import { secretMask } from "../domain/secrets.ts";

/** In characters. */
const maximumMessageLength = 300;
/** Only this much of a body is examined, so that a hostile one costs little time. */
const examinedLength = 4_000;

/** The value of a URL's signature or expiry, plain or percent-, JSON- or HTML-encoded. */
const signature = /(ik(?:-|%2d)[st](?:=|%3d|\\u003d|&#61;))[^&\s"'<>#]*/gi;

/**
 * Makes a text from outside safe to show: one line of at most 300 characters, without control or invisible
 * characters, markup, signature values and the given secrets.
 */
export function toMessage(text: string, secrets: readonly string[]): string {
  const masked = secretMask(secrets);
  // Mask before cutting: half a secret would not be recognised.
  const line = masked(text)
    .slice(0, examinedLength)
    .replace(/\s+/gu, " ")
    .replace(/\p{C}+/gu, "")
    .replace(/<[^<>]*>/g, " ")
    .replace(/ +/g, " ")
    .trim();
  return shorten(masked(line).replace(signature, "$1***"));
}

function shorten(line: string): string {
  const characters = Array.from(line);
  return characters.length <= maximumMessageLength
    ? line
    : `${characters.slice(0, maximumMessageLength - 1).join("")}…`;
}
