const mask = "masked";

/** One character of a parameter name, plain or percent-encoded any number of times. */
const spelled = (plain: string, ...codes: readonly string[]) =>
  `(?:[${plain}]|%(?:25)*(?:${codes.join("|")}))`;

/** Anything that cannot be the plain end of a longer name: masking too much is better than too little. */
const delimiter = `(?:^|[^\\w./~%-]|%(?:25)*[\\da-f]{2})`;
const name = [
  spelled("i", "69", "49"),
  spelled("k", "6b", "4b"),
  spelled("-", "2d"),
  spelled("st", "73", "74", "53", "54"),
].join("");
const valueEnd = `\\*?(?:[&#\\s"<>]|$)`;
const encodedValueEnd = `\\*?(?:[&#\\s"<>]|%(?:25)*(?:26|23)|$)`;
const value = (end: string) => `(?!${end})[^&#\\s"<>]+?(?=${end})`;

const plainSignature = new RegExp(`(${delimiter}${name}=)${value(valueEnd)}`, "gi");
const encodedSignature = new RegExp(`(${delimiter}${name}%(?:25)*3d)${value(encodedValueEnd)}`, "gi");

/**
 * Masks every value of `ik-s` and `ik-t`, ImageKit's signature and expiry, which make a URL a credential: in any text,
 * also with percent-encoded names or inside an encoded URL. Everything else stays unchanged, including a wildcard's
 * final `*`. Masking a masked text changes nothing.
 */
export function maskSignature(url: string): string {
  return url.replace(plainSignature, `$1${mask}`).replace(encodedSignature, `$1${mask}`);
}

/**
 * Whether a text has such a value, masked or not. A record that is shown or kept has only the masked one, so a signed URL
 * cannot be submitted again from it.
 */
export function isSigned(url: string): boolean {
  return [plainSignature, encodedSignature].some((signature) => url.search(signature) !== -1);
}
