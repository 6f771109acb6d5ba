import { readHost } from "./host.ts";
import { type ScanOptions, scanUrl } from "./scan-url.ts";
import { matchAt, readUnit } from "./text-unit.ts";
import { matchEndpoint, type UrlEndpoint } from "./url-endpoint.ts";

/** A URL in a text: as a line would have it, and where it stands there. */
export type FoundUrl = { readonly url: string; readonly start: number; readonly end: number };

const schemes =
  /(https?)(?::|%((?:25)*)3a|\\(?:u00|x)3a|&#(?:58|x3a);)(?:\\{0,4}\/|%(?:25)*2f|\\(?:u00|x)2f|&#(?:47|x2f);){2}/giu;
const schemeHere =
  /https?(?::|%(?:25)*3a|\\(?:u00|x)3a|&#(?:58|x3a);)(?:\\{0,4}\/|%(?:25)*2f|\\(?:u00|x)2f|&#(?:47|x2f);){2}/iuy;
/** The host of a percent-encoded URL: what comes before its next slash, question mark or hash. */
const encodedHost = /(?:(?!%(?:25){0,4}(?:2f|3f|23))[^\s"'<>&`|\\,;\]}/?#]){1,800}/iuy;
/** Up to the next one, unless that is part of the first: after a slash or `=`. */
const encodedRun =
  /h(?:(?!(?<!%(?:25){0,4}(?:2f|3d)|[/=])https?%(?:25){0,4}3a%(?:25){0,4}2f)[^\s"'<>&`|\\,;\]}])*/iuy;
const longestHost = 260;

type Start = {
  readonly at: number;
  /** Where the host begins. */
  readonly host: number;
  readonly scheme: string;
  /** How many times the URL is percent-encoded, as in `_next/image?url=https%3A%2F%2F…`. */
  readonly encodings: number;
};

/**
 * The URLs under these endpoints in any text: a list, a table, HTML, CSS, JSON, Markdown, a log, an e-mail. Each is
 * decoded and without what was written around it; a wildcard keeps its `*`. A URL that is part of another one (after
 * its `/` or `=`) is not found on its own. Takes time in proportion to the text.
 */
export function findUrls(text: string, endpoints: readonly UrlEndpoint[]): readonly FoundUrl[] {
  const found: FoundUrl[] = [];
  let done = 0;
  const beginsUrl = (at: number) => {
    const [scheme] = matchAt(schemeHere, text, at) ?? [];
    return scheme !== undefined && endpointAt(text, at + scheme.length, endpoints) !== undefined;
  };
  for (const start of startsIn(text, endpoints)) {
    if (start.at < done) continue;
    const one =
      start.encodings > 0
        ? encodedUrl(text, start, endpoints)
        : plainUrl(text, start, endpoints, { beginsUrl });
    if (one === undefined) continue;
    found.push(one);
    done = one.end;
  }
  return found;
}

/** The URL of a line that is one, without what was written behind it; undefined if it is under no endpoint. */
export function cleanUrl(line: string, endpoints: readonly UrlEndpoint[]): string | undefined {
  const [whole, scheme = ""] = /^(https?):\/\//iu.exec(line) ?? [];
  if (whole === undefined) return undefined;
  const start = { at: 0, host: whole.length, scheme: scheme.toLowerCase(), encodings: 0 };
  const beginsUrl = (at: number) =>
    !":-".includes(line.charAt(at - 1)) && matchAt(schemeHere, line, at) !== undefined;
  return plainUrl(line, start, endpoints, { beginsUrl, isOneLine: true })?.url;
}

function plainUrl(
  text: string,
  { at, host, scheme }: Start,
  endpoints: readonly UrlEndpoint[],
  options: Omit<ScanOptions, "opener">,
): FoundUrl | undefined {
  const known = endpointAt(text, host, endpoints);
  if (known === undefined) return undefined;
  const { rest, end } = scanUrl(text, known.path, { ...options, opener: text.charAt(at - 1) });
  // A name with a space may have made another folder of the endpoint's: `…/demo evil.com`.
  const [path = ""] = rest.split(/[?#]/, 1);
  if (matchEndpoint(known.host, path, endpoints) === undefined) return undefined;
  return { url: `${scheme}://${known.host}${rest}`, start: at, end };
}

function encodedUrl(text: string, start: Start, endpoints: readonly UrlEndpoint[]): FoundUrl | undefined {
  const passes = Math.min(start.encodings, 4);
  const urlIn = (run: string) => {
    const decoded = decodeAll(run, passes);
    const host = decoded.indexOf("//") + 2;
    const options = { beginsUrl: () => false, isWholeText: true };
    return plainUrl(decoded, { ...start, at: 0, host }, endpoints, options)?.url;
  };
  // Its beginning decides whether it is under an endpoint. A run may hold thousands that are not: none is decoded whole.
  const [host = ""] = matchAt(encodedHost, text, start.host) ?? [];
  if (!isHostOf(decodeAll(host, passes), endpoints)) return undefined;
  const longest = (longestPath(endpoints) + 2) * (1 + 2 * passes);
  const beginning = text.slice(start.at, start.host + host.length + longest);
  if (urlIn(matchAt(encodedRun, beginning, 0)?.[0] ?? "") === undefined) return undefined;
  const [run = ""] = matchAt(encodedRun, text, start.at) ?? [];
  const url = urlIn(run);
  return url === undefined ? undefined : { url, start: start.at, end: start.at + run.length };
}

function isHostOf(authority: string, endpoints: readonly UrlEndpoint[]): boolean {
  const reading = readHost("https", authority);
  return "host" in reading && endpoints.some(({ host }) => host === reading.host);
}

function longestPath(endpoints: readonly UrlEndpoint[]): number {
  return Math.max(0, ...endpoints.map(({ path }) => path.length));
}

function decodeAll(text: string, passes: number): string {
  let decoded = text;
  for (let pass = 0; pass < passes; pass += 1) decoded = decode(decoded);
  return decoded;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([2-7][\da-f])/giu, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}

/** Every place where a URL may begin, in order: a scheme, or the host of an endpoint without one. */
function startsIn(text: string, endpoints: readonly UrlEndpoint[]): readonly Start[] {
  const starts: Start[] = [];
  for (const match of text.matchAll(schemes)) {
    const [whole, scheme = "", again] = match;
    const encodings = again === undefined ? 0 : again.length / 2 + 1;
    starts.push({
      at: match.index,
      host: match.index + whole.length,
      scheme: scheme.toLowerCase(),
      encodings,
    });
  }
  const lower = text.replace(/[A-Z]+/gu, (capitals) => capitals.toLowerCase());
  for (const host of new Set(endpoints.map((endpoint) => endpoint.host))) {
    for (let at = lower.indexOf(host); at >= 0; at = lower.indexOf(host, at + host.length)) {
      const before = text.slice(Math.max(0, at - 5), at);
      const [slashes] = /(?:\\?\/){2}$/u.exec(before) ?? [""];
      const outside = text.charAt(at - slashes.length - 1);
      if (/^[\w.@%:/\\-]$/u.test(outside)) continue;
      starts.push({ at: at - slashes.length, host: at, scheme: "https", encodings: 0 });
    }
  }
  return starts.sort((one, other) => one.at - other.at);
}

/** The host that begins at this position, if a URL under an endpoint begins there, and where its path begins. */
function endpointAt(
  text: string,
  from: number,
  endpoints: readonly UrlEndpoint[],
): { readonly host: string; readonly path: number } | undefined {
  let authority = "";
  let at = from;
  let unit = readUnit(text, at);
  while (
    at < text.length &&
    authority.length < longestHost &&
    /^[^\s/?#\\"'<>@|,;*)\]}]$/u.test(unit.character)
  ) {
    authority += unit.character;
    at += unit.size;
    unit = readUnit(text, at);
  }
  const reading = readHost("https", authority);
  if (authority === "" || "problem" in reading) return undefined;
  const longest = longestPath(endpoints);
  let path = "";
  for (let next = at; next < text.length && path.length <= longest; ) {
    const { character, size } = readUnit(text, next);
    if (/^[\s?#"'<>*]$/u.test(character)) break;
    path += character;
    next += size;
  }
  return matchEndpoint(reading.host, path, endpoints) && { host: reading.host, path: at };
}
