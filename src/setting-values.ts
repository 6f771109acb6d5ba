/** What the value of a setting may be. A parser gives the value, or says what it must be; it never repeats the text. */

import { type Scope, scopes } from "./domain/caller.ts";
import { withoutTrailing } from "./domain/trailing.ts";
import type { Rate } from "./ledger/policy.ts";
import { parseUrlEndpoint, type UrlEndpoint } from "./rules/url-endpoint.ts";

/** A named token. `sha256` is the hash (lower-case hex) of the whole token; the token itself is not stored. */
export type TokenEntry = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sha256: string;
};

export type Parsed<T> = { readonly value: T } | { readonly problem: string };
export type Parse<T> = (text: string) => Parsed<T>;

/** The fastest rate and the largest burst that anyone needs, far below what the scripts can calculate with. */
const fastestPerSecond = 10_000;
const largestBurst = 100_000;
/** About one in a quarter of an hour. */
const slowestPerSecond = 0.001;

export function httpUrl(text: string): Parsed<string> {
  const problem = "must be an http:// or https:// address without credentials, query or fragment";
  if (!URL.canParse(text)) return { problem };
  const url = new URL(text);
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) return { problem };
  return { value: `${url.origin}${withoutTrailing(url.pathname, "/")}` };
}

export function urlEndpoints(text: string): Parsed<readonly UrlEndpoint[]> {
  const endpoints: UrlEndpoint[] = [];
  const problems: string[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const reading = parseUrlEndpoint(part);
    if ("endpoint" in reading) endpoints.push(reading.endpoint);
    // The text before the reason may hold credentials, so only the reason is reported.
    else
      problems.push(
        `entry ${index + 1} is wrong: ${reading.problem.split(" is not a URL endpoint: ").at(-1)}`,
      );
  }
  return problems.length === 0 ? { value: endpoints } : { problem: problems.join("; ") };
}

export function tokenEntries(text: string): Parsed<readonly TokenEntry[]> {
  const problems: string[] = [];
  const entries: TokenEntry[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const entry = tokenEntry(part.trim());
    if ("problem" in entry) problems.push(`entry ${index + 1} ${entry.problem}`);
    else if (entries.some(({ sha256 }) => sha256 === entry.value.sha256)) {
      problems.push(`entry ${index + 1} has the hash of an earlier one`);
    } else entries.push(entry.value);
  }
  return problems.length === 0 ? { value: entries } : { problem: problems.join("; ") };
}

function tokenEntry(text: string): Parsed<TokenEntry> {
  const [name = "", scopeList = "", hash = "", ...rest] = text.split(":");
  if (hash.startsWith("pd_")) return { problem: "holds a token; use its SHA-256 hash instead" };
  if (rest.length > 0 || hash === "") return { problem: "must read name:scope+scope:sha256" };
  if (!/^[a-z0-9-]{1,32}$/.test(name)) return { problem: "needs a name of 1 to 32 of a-z, 0-9 and -" };
  const granted = scopes.filter((scope) => scopeList.split("+").includes(scope));
  if (granted.length === 0 || granted.length !== scopeList.split("+").length) {
    return { problem: `needs scopes, each once, of ${scopes.join(", ")}, joined by +` };
  }
  if (!/^[0-9a-f]{64}$/i.test(hash)) return { problem: "needs a hash of 64 hexadecimal characters" };
  return { value: { name, scopes: granted, sha256: hash.toLowerCase() } };
}

export function rate(text: string): Parsed<Rate | "off"> {
  if (text === "off") return { value: "off" };
  const [, perSecond, burst] = /^(\d{1,6}(?:\.\d{1,6})?)\/s:(\d{1,6})$/.exec(text) ?? [];
  const rate = { perSecond: Number(perSecond), burst: Number(burst) };
  const isWithin =
    rate.perSecond >= slowestPerSecond &&
    rate.perSecond <= fastestPerSecond &&
    rate.burst >= 1 &&
    rate.burst <= largestBurst;
  if (isWithin) return { value: rate };
  return {
    problem:
      'must read like 5/s:20 (a rate per second, and how many at once), or "off"; the rate from ' +
      `${slowestPerSecond} to ${fastestPerSecond}, the burst a whole number from 1 to ${largestBurst}`,
  };
}

export function timeZone(text: string): Parsed<string> {
  try {
    if (/^[A-Za-z]/.test(text)) {
      return { value: new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone };
    }
  } catch {}
  return { problem: "must be a time zone name such as UTC or Europe/Berlin" };
}

export function wholeNumber(least: number, most: number): Parse<number> {
  return function wholeNumber(text) {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most
      ? { value }
      : { problem: `must be a whole number from ${least} to ${most}` };
  };
}

/** "off", or what the other parser accepts. */
export function orOff<T>(parse: Parse<T>): Parse<T | "off"> {
  return function orOff(text) {
    if (text === "off") return { value: "off" };
    const parsed = parse(text);
    return "value" in parsed ? parsed : { problem: `${parsed.problem}, or "off"` };
  };
}

export function oneOf<const T extends string>(choices: readonly T[]): Parse<T> {
  return function oneOf(text) {
    const value = choices.find((choice) => choice === text);
    return value === undefined ? { problem: `must be ${choices.join(" or ")}` } : { value };
  };
}

export function ledgerName(text: string): Parsed<string> {
  return /^[a-z0-9-]{1,32}$/.test(text) ? { value: text } : { problem: "must be 1 to 32 of a-z, 0-9 and -" };
}

/** It becomes the user name of Basic auth, which cannot contain a colon. */
export function privateKey(text: string): Parsed<string> {
  return /^[!-9;-~]+$/.test(text)
    ? { value: text }
    : { problem: "must be printable ASCII without spaces or colons" };
}

export function headerValue(text: string): Parsed<string> {
  return /^[!-~]+$/.test(text) ? { value: text } : { problem: "must be printable ASCII without spaces" };
}

export function longSecret(text: string): Parsed<string> {
  return text.length >= 32 ? { value: text } : { problem: "must have at least 32 characters" };
}
