/** Joins letters and emoji, and hides or turns nothing. */
const joiners = "\u200c\u200d";
const hidden = new RegExp(`(?![${joiners}])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]`, "gu");

/**
 * A text from outside as people should see it: whatever would be invisible, or turn the text around it, is named
 * (`‹U+202E›`). Tabs and line ends become spaces, as in a browser. Doing it twice is doing it once.
 */
export function visibleText(text: string): string {
  return text
    .replace(/[\t\n\r]/g, " ")
    .replace(hidden, (character) => `‹U+${codeOf(character).toString(16).toUpperCase().padStart(4, "0")}›`);
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
