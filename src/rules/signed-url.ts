const mask = "masked";

/** A character of a parameter name or a delimiter, plain or percent-encoded any number of times. */
const spelled = (plain: string, ...codes: readonly string[]) =>
  `(?:[${plain}]|%(?:25)*(?:${codes.join("|")}))`;

/** Whatever cannot be the plain end of a longer name: rather mask once too often. */
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
 * Masks the values of `ik-s` and `ik-t`, ImageKit's signature and expiry, which make a URL a credential:
 * wherever they occur, however often, with percent-encoded names, inside an encoded URL, and in any text.
 * Everything else stays as it is, a wildcard's final `*` too. Masking twice is masking once.
 */
export function maskSignature(url: string): string {
  return url.replace(plainSignature, `$1${mask}`).replace(encodedSignature, `$1${mask}`);
}
