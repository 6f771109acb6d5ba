const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text cut to a length, at a word boundary if one is near. Never splits what a reader sees as one character. */
export function shorten(text: string, mostCharacters: number): string {
  if (text.length <= mostCharacters) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > mostCharacters - 1) break;
    kept += segment;
  }
  const [atWord = ""] = /^.*(?=\s)/su.exec(kept) ?? [];
  return `${(atWord.length > mostCharacters * 0.75 ? atWord : kept).trimEnd()}…`;
}

/** A long URL without its middle: the host and the file name are at its ends. */
export function cutMiddle(url: string, mostCharacters: number): string {
  const characters = Array.from(url);
  if (characters.length <= mostCharacters) return url;
  const head = Math.ceil(mostCharacters * 0.6);
  return `${characters.slice(0, head).join("")}…${characters.slice(head - mostCharacters).join("")}`;
}
