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

/** The path and query of a URL with an `x` for each character of a transformation, so that only the rest is judged. */
export function maskTransformations(pathAndQuery: string): string {
  const tracker = trackTransformations();
  let masked = "";
  for (const character of pathAndQuery) {
    const before = tracker.isInside();
    tracker.read(character);
    masked += before && tracker.isInside() ? "x".repeat(character.length) : character;
  }
  return masked;
}
