const openings: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const mark = /^[.,;:!?#\x27’‘…&$]$/u;
/** White space, quotation marks, brackets and full stops that were percent-encoded with the URL. */
const escapedMark =
  /%(?:0[9ad]|2[027]|3[ce]|5c|60|c2%(?:a0|ab|bb)|e2%80%(?:9[89acde]|a[689])|e3%80%8[12]|ef%bc%(?:81|8c|9[abf]))$/iu;
const longestEscape = 9;

type TrimOptions = {
  /** The character before the URL. */
  readonly opener: string;
  /** Whether it ends in a transformation, which may be a text that ends in an exclamation mark. */
  readonly isTransformation: boolean;
};

/**
 * A URL without the marks at its end that end a sentence, a quotation or an emphasis, and without brackets that were
 * opened before it.
 */
export function trimUrlEnd(url: string, { opener, isTransformation }: TrimOptions): string {
  const counts = new Map<string, number>();
  for (const character of url) counts.set(character, (counts.get(character) ?? 0) + 1);
  const count = (character: string) => counts.get(character) ?? 0;
  const hasOpenBrace = /%7b/iu.test(url);
  let end = url.length;
  for (;;) {
    const tail = url.slice(Math.max(0, end - longestEscape), end);
    const [escaped] = escapedMark.exec(tail) ?? (hasOpenBrace ? undefined : /%7d$/iu.exec(tail)) ?? [];
    const last = url.charAt(end - 1);
    const opening = openings[last];
    const isUnmatched = opening !== undefined && count(last) > count(opening);
    const isEmphasis = /^[*_~]$/u.test(opener) && last === opener;
    const isMark = mark.test(last) && !(isTransformation && (last === "!" || /tr:$/iu.test(tail)));
    if (escaped === undefined && !isUnmatched && !isEmphasis && !isMark) return url.slice(0, end);
    counts.set(last, count(last) - 1);
    end -= escaped?.length ?? 1;
  }
}
