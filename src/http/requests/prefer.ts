/** The longest wait in seconds: well within the time that Netlify gives a function. */
const maxWaitSeconds = 25;

/** Longest header that is read, in characters: all preferences that are registered, several times over. */
const longestHeader = 1_000;

/** What a caller waits for: that all purges have ended, or that their edge checks have too. */
export type Until = "done" | "checked";

export type PreferredWait = { readonly seconds: number; readonly until: Until };

/**
 * `wait` of a Prefer header (RFC 7240), such as `wait=20; until=checked`: whole seconds, clamped. As the RFC says, the first
 * of several counts, and what cannot be understood is ignored: the preference without its value, or its parameter alone.
 */
export function preferredWait(header = ""): PreferredWait | undefined {
  if (header.length > longestHeader) return undefined;
  for (const preference of splitOutsideQuotes(header, ",")) {
    const [wait, ...parameters] = splitOutsideQuotes(preference, ";").map(nameAndWord);
    if (wait?.name !== "wait") continue;
    if (!/^\d{1,9}$/.test(wait.word)) return undefined;
    const until = parameters.find(({ name }) => name === "until")?.word.toLowerCase();
    const seconds = Math.min(Number(wait.word), maxWaitSeconds);
    return { seconds, until: until === "checked" ? "checked" : "done" };
  }
  return undefined;
}

/** The value of Preference-Applied: a caller whose `until` was not understood does not find it there. */
export function appliedWait({ seconds, until }: PreferredWait): string {
  return until === "done" ? `wait=${seconds}` : `wait=${seconds}; until=${until}`;
}

function nameAndWord(pair: string): { readonly name: string; readonly word: string } {
  const [name = "", ...value] = splitOutsideQuotes(pair, "=");
  return { name: name.trim().toLowerCase(), word: withoutQuotes(value.join("=").trim()) };
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
