/** Zero-width joiners: they join letters and emoji, and neither hide nor reverse text. */
const joiners = "\u200c\u200d";
/** Hangul fillers: letters that show nothing. */
const fillers = "\u115f\u1160\u3164\uffa0";
const hidden = new RegExp(`(?![${joiners}])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}${fillers}]`, "gu");

/**
 * Makes invisible characters in a text from outside visible, and those that reverse the text around them: each becomes
 * its code (`‹U+202E›`). Tabs and line breaks become spaces, as in a browser. A second pass changes nothing.
 */
export function visibleText(text: string): string {
  return text
    .replace(/[\t\n\r]/g, " ")
    .replace(hidden, (character) => `‹U+${codeOf(character).toString(16).toUpperCase().padStart(4, "0")}›`);
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
