export type TransformationTracker = {
  /** Reads the next character after the host: `/demo/tr:w-300/a.jpg?tr=…`. */
  readonly read: (character: string) => void;
  /** Whether the next character may belong to a transformation, in whose values anything may stand. */
  readonly isInside: () => boolean;
  /** Whether a layer (`l-image,…,l-end`) is open: within it, slashes, spaces and commas do not end anything. */
  readonly isInLayer: () => boolean;
  readonly isInQuery: () => boolean;
};

/** Follows a URL from its path on, and knows which parts are transformations: `/tr:…/` segments and values of `tr`. */
export function trackTransformations(): TransformationTracker {
  let isInQuery = false;
  let isInside = false;
  let openLayers = 0;
  /** The beginning of the segment or parameter, as far as it can name a transformation. */
  let name = "";
  /** The characters since the last delimiter within a transformation, such as `l-image`. */
  let word = "";

  function endWord(): void {
    if (word === "l-end") openLayers = Math.max(0, openLayers - 1);
    else if (/^l-(?:image|text|video|subtitles?|gradient)$/iu.test(word)) openLayers += 1;
    word = "";
  }
  function endPart(): void {
    isInside = false;
    openLayers = 0;
    name = "";
    word = "";
  }

  return {
    isInside: () => isInside,
    isInLayer: () => openLayers > 0 && word !== "l-end",
    isInQuery: () => isInQuery,
    read(character) {
      if (isInside && ",:/".includes(character)) endWord();
      if (character === "?" && !isInQuery) {
        endPart();
        isInQuery = true;
      } else if (character === (isInQuery ? "&" : "/") && (isInQuery || openLayers === 0)) {
        endPart();
      } else if (isInside) {
        if (!",:/".includes(character) && word.length < 16) word += character;
      } else if (name.length < 6) {
        name += character;
        isInside = isInQuery ? /^tr=$/iu.test(name) : /^tr(?::|%3a)$/iu.test(name);
      }
    },
  };
}

export type Range = { readonly start: number; readonly end: number };

/** Where the transformations of a path and query are, `tr:` and `tr=` included, or only the layers within them. */
export function rangesOf(what: "transformations" | "layers", pathAndQuery: string): readonly Range[] {
  if (!/tr(?:[:=]|%3a)/iu.test(pathAndQuery)) return [];
  const tracker = trackTransformations();
  const isInside = what === "layers" ? tracker.isInLayer : tracker.isInside;
  const ranges: Range[] = [];
  let start = -1;
  for (let at = 0; at < pathAndQuery.length; at += 1) {
    tracker.read(pathAndQuery.charAt(at));
    if (isInside() && start < 0) start = at + 1;
    if (!isInside() && start >= 0) {
      ranges.push({ start, end: at });
      start = -1;
    }
  }
  if (start >= 0) ranges.push({ start, end: pathAndQuery.length });
  return ranges;
}

/** A text with an `x` for each character in these ranges, so that only the rest is judged. */
export function blankOut(text: string, ranges: readonly Range[]): string {
  let blanked = "";
  let done = 0;
  for (const { start, end } of ranges) {
    blanked += text.slice(done, start) + "x".repeat(end - start);
    done = end;
  }
  return blanked + text.slice(done);
}
