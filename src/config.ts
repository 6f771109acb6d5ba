/** The only module that reads the environment. */

import { type Scope, scopes } from "./domain/caller.ts";
import { withoutTrailing } from "./domain/trailing.ts";
import { type LedgerPolicy, type Rate, storageFor } from "./ledger/policy.ts";
import { parseUrlEndpoint, type UrlEndpoint } from "./rules/url-endpoint.ts";
import type { SettingName } from "./setting-names.ts";

/** A named token. `sha256` is the hash (lower-case hex) of the whole token; the token itself is not stored. */
export type TokenEntry = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sha256: string;
};

export type Config = {
  readonly imagekit: {
    readonly privateKey: string;
    /** Without a final slash. */
    readonly apiBaseUrl: string;
    /** `live`: ImageKit's own base URL, real money. `simulated`: anything else. */
    readonly kind: "live" | "simulated";
  };
  readonly endpoints: readonly UrlEndpoint[];
  /** PURGE_LEDGER; always `sandbox` when ImageKit is simulated. */
  readonly ledgerName: string;
  readonly redis: { readonly url: string; readonly token: string };
  readonly tokens: readonly TokenEntry[];
  readonly sessionSecret?: string | undefined;
  readonly policy: LedgerPolicy;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** `problems` has one sentence per wrong setting: its name and what it must be, never its value. */
export type ConfigReading = { readonly config: Config } | { readonly problems: readonly string[] };

/** Reads every setting and reports everything that is wrong, not only the first fault. An empty value counts as unset. */
export function readConfig(env: Environment): ConfigReading {
  const { optional, required, problems } = settingsOf(env);

  const base = optional("IMAGEKIT_API_BASE_URL", httpUrl, "https://api.imagekit.io");
  const kind = isImageKitsOwn(base) ? "live" : "simulated";
  if (kind === "live" && !base.startsWith("https:")) {
    problems.push(
      "IMAGEKIT_API_BASE_URL: ImageKit's own host must be called by https, because every call carries the key",
    );
  }
  const named = optional("PURGE_LEDGER", ledgerName, "default");
  if (kind === "live" && named === "sandbox") {
    problems.push('PURGE_LEDGER: "sandbox" is the ledger of the simulated ImageKit; choose another name');
  }
  const endpoints =
    kind === "live"
      ? required("IMAGEKIT_URL_ENDPOINTS", urlEndpoints, [])
      : optional("IMAGEKIT_URL_ENDPOINTS", urlEndpoints, [{ host: "ik.imagekit.io", path: "/demo" }]);
  const quota = optional("PURGE_MONTHLY_QUOTA", wholeNumber(1, 10_000_000), 1000);
  const margin = optional("PURGE_SAFETY_MARGIN", wholeNumber(0, 10_000_000), 0);
  if (margin >= quota) problems.push("PURGE_SAFETY_MARGIN: must be below PURGE_MONTHLY_QUOTA");

  const config: Config = {
    imagekit: {
      privateKey: required("IMAGEKIT_PRIVATE_KEY", privateKey, ""),
      apiBaseUrl: base,
      kind,
    },
    endpoints,
    ledgerName: kind === "live" ? named : "sandbox",
    redis: {
      url: required("UPSTASH_REDIS_REST_URL", httpUrl, ""),
      token: required("UPSTASH_REDIS_REST_TOKEN", headerValue, ""),
    },
    tokens: required("PURGE_TOKENS", tokenEntries, []),
    sessionSecret: optional<string | undefined>("PURGE_SESSION_SECRET", longSecret, undefined),
    policy: {
      quota,
      margin,
      resendUnknown: optional("PURGE_RESEND_UNKNOWN", oneOf(["once", "never"]), "once"),
      refusedCosts:
        optional("PURGE_REFUSED_COSTS", oneOf(["true", "false"]), "false") === "true" ? "unit" : "nothing",
      timeZone: optional("PURGE_QUOTA_TIME_ZONE", timeZone, "UTC"),
      resetDay: optional("PURGE_QUOTA_RESET_DAY", wholeNumber(1, 31), 1),
      retentionDays: optional("PURGE_RETENTION_DAYS", wholeNumber(1, 3650), 400),
      sendRate: optional<Rate | "off">("PURGE_SEND_RATE", rate, { perSecond: 5, burst: 20 }),
      pollRate: optional<Rate | "off">("PURGE_POLL_RATE", rate, { perSecond: 40, burst: 100 }),
      callerRate: optional<Rate | "off">("PURGE_CALLER_RATE", rate, { perSecond: 10, burst: 100 }),
      callerStorage: storageFor(quota),
    },
  };
  return problems.length === 0 ? { config } : { problems };
}

/** One message that lists every problem, for a terminal or a build log. */
export function describeProblems(problems: readonly string[]): string {
  const what = problems.length === 1 ? "One setting is" : `${problems.length} settings are`;
  return [`${what} missing or wrong:`, ...problems.map((problem) => `  - ${problem}`)].join("\n");
}

/** The most characters of a setting, and of a setting that is a list. */
const longestText = 1_000;
const longestList = 32_000;
const lists: ReadonlySet<string> = new Set(["IMAGEKIT_URL_ENDPOINTS", "PURGE_TOKENS"]);

/** The fastest rate and the largest burst that anyone needs, far below what the scripts can calculate with. */
const fastestPerSecond = 10_000;
const largestBurst = 100_000;
/** About one in a quarter of an hour. */
const slowestPerSecond = 0.001;

type Parsed<T> = { readonly value: T } | { readonly problem: string };
type Parse<T> = (text: string) => Parsed<T>;

/** Readers that collect problems. After a problem their values are never used, because no config is returned. */
function settingsOf(env: Environment) {
  const problems: string[] = [];
  const read = <T>(name: SettingName, parse: Parse<T>, fallback: T, whenUnset: () => void): T => {
    const text = env[name]?.trim();
    if (text === undefined || text === "") {
      whenUnset();
      return fallback;
    }
    const longest = lists.has(name) ? longestList : longestText;
    const parsed =
      text.length <= longest ? parse(text) : { problem: `must have at most ${longest} characters` };
    if ("value" in parsed) return parsed.value;
    problems.push(`${name}: ${parsed.problem}`);
    return fallback;
  };
  return {
    problems,
    optional: <T>(name: SettingName, parse: Parse<T>, fallback: T) => read(name, parse, fallback, () => {}),
    required: <T>(name: SettingName, parse: Parse<T>, placeholder: T) =>
      read(name, parse, placeholder, () => problems.push(`${name}: is not set`)),
  };
}

function httpUrl(text: string): Parsed<string> {
  const problem = "must be an http:// or https:// address without credentials, query or fragment";
  if (!URL.canParse(text)) return { problem };
  const url = new URL(text);
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) return { problem };
  return { value: `${url.origin}${withoutTrailing(url.pathname, "/")}` };
}

/** The port and the spelling do not matter: any address of ImageKit's host is ImageKit. */
export function isImageKitsOwn(base: string): boolean {
  return URL.canParse(base) && new URL(base).hostname.replace(/\.$/, "") === "api.imagekit.io";
}

function urlEndpoints(text: string): Parsed<readonly UrlEndpoint[]> {
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

function tokenEntries(text: string): Parsed<readonly TokenEntry[]> {
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

function rate(text: string): Parsed<Rate | "off"> {
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

function timeZone(text: string): Parsed<string> {
  try {
    if (/^[A-Za-z]/.test(text)) {
      return { value: new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone };
    }
  } catch {}
  return { problem: "must be a time zone name such as UTC or Europe/Berlin" };
}

function wholeNumber(least: number, most: number): Parse<number> {
  return function wholeNumber(text) {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most
      ? { value }
      : { problem: `must be a whole number from ${least} to ${most}` };
  };
}

function oneOf<const T extends string>(choices: readonly T[]): Parse<T> {
  return function oneOf(text) {
    const value = choices.find((choice) => choice === text);
    return value === undefined ? { problem: `must be ${choices.join(" or ")}` } : { value };
  };
}

function ledgerName(text: string): Parsed<string> {
  return /^[a-z0-9-]{1,32}$/.test(text) ? { value: text } : { problem: "must be 1 to 32 of a-z, 0-9 and -" };
}

/** It becomes the user name of Basic auth, which cannot contain a colon. */
function privateKey(text: string): Parsed<string> {
  return /^[!-9;-~]+$/.test(text)
    ? { value: text }
    : { problem: "must be printable ASCII without spaces or colons" };
}

function headerValue(text: string): Parsed<string> {
  return /^[!-~]+$/.test(text) ? { value: text } : { problem: "must be printable ASCII without spaces" };
}

function longSecret(text: string): Parsed<string> {
  return text.length >= 32 ? { value: text } : { problem: "must have at least 32 characters" };
}
