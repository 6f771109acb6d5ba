/** The longest wait in seconds: well within the time that Netlify gives a function. */
const maxWaitSeconds = 25;

/** Longest header that is read, in characters: all preferences that are registered, several times over. */
const longestHeader = 1_000;

/**
 * `wait` of a Prefer header (RFC 7240): whole seconds, clamped. As the RFC says, the first of several counts,
 * and a value that cannot be understood is ignored.
 */
export function preferredWaitSeconds(header = ""): number | undefined {
  if (header.length > longestHeader) return undefined;
  for (const preference of splitOutsideQuotes(header, ",")) {
    const [pair = ""] = splitOutsideQuotes(preference, ";");
    const [name = "", ...value] = splitOutsideQuotes(pair, "=");
    if (name.trim().toLowerCase() !== "wait") continue;
    const seconds = withoutQuotes(value.join("=").trim());
    return /^\d{1,9}$/.test(seconds) ? Math.min(Number(seconds), maxWaitSeconds) : undefined;
  }
  return undefined;
}

/** A quoted string, one that never ends included, or what stands before the next. It can be read in one way only. */
const piece = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[^"]+/gs;

/** The parts between separators, of which those in quoted strings are none. */
function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (const [found] of text.matchAll(piece)) {
    const [first = "", ...others] = found.startsWith('"') ? [found] : found.split(separator);
    part += first;
    for (const other of others) {
      parts.push(part);
      part = other;
    }
  }
  return [...parts, part];
}

function withoutQuotes(word: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/s.exec(word) ?? [];
  return quoted === undefined ? word : quoted.replace(/\\(.)/gs, "$1");
}
