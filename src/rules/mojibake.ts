/** What Windows' encoding of Western Europe has for the bytes 0x80 to 0x9F. The rest of it is Latin-1. */
const specials = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
/** What is repaired: accented letters, quotation marks, dashes. Others may be real, such as É™ in a brand's name. */
const repairable = /^[\u0080-\u00ff\u2000-\u2fff]+$/u;

/**
 * What a run of percent-encoded characters was before a program read its UTF-8 in Windows' encoding: `%C3%83%C2%B6` (Ã¶)
 * was `%C3%B6` (ö). Undefined if it was not read so.
 */
export function fixMojibake(run: string): string | undefined {
  try {
    const bytes = [...decodeURIComponent(run)].map(byteOf);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
    const others = text.replace(/\p{ASCII}+/gu, "");
    return repairable.test(others) ? encodeURIComponent(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Throws for a character that the encoding does not have. */
function byteOf(character: string): number {
  const special = specials.indexOf(character);
  const byte = special < 0 ? character.charCodeAt(0) : 0x80 + special;
  if (byte > 0xff) throw new RangeError("not in this encoding");
  return byte;
}
