/** The only module that reads the environment. */

import { type LedgerPolicy, type Rate, storageFor } from "./ledger/policy.ts";
import type { UrlEndpoint } from "./rules/url-endpoint.ts";
import type { SettingName } from "./setting-names.ts";
import {
  headerValue,
  httpUrl,
  ledgerName,
  longSecret,
  oneOf,
  orOff,
  type Parse,
  privateKey,
  rate,
  type TokenEntry,
  timeZone,
  tokenEntries,
  urlEndpoints,
  wholeNumber,
} from "./setting-values.ts";

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
  /** Whether purges are checked at the edge unless their request says otherwise. */
  readonly edgeCheck: "on" | "off";
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
    edgeCheck: optional("PURGE_EDGE_CHECK", oneOf(["on", "off"]), "on"),
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
      repeatLimit: optional("PURGE_REPEAT_LIMIT", orOff(wholeNumber(1, 100)), 6),
      callerStorage: storageFor(quota),
    },
  };
  return problems.length === 0 ? { config } : { problems };
}

/**
 * What is missing or wrong for a whole deployment. The API alone runs without a secret for sessions, so `readConfig` does
 * not ask for it; a deployment has the dashboard too.
 */
export function deploymentProblems(env: Environment, reading: ConfigReading): readonly string[] {
  const problems = "problems" in reading ? reading.problems : [];
  const { PURGE_SESSION_SECRET = "" } = env;
  return PURGE_SESSION_SECRET.trim() === "" ? [...problems, "PURGE_SESSION_SECRET: is not set"] : problems;
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

/** The port and the spelling do not matter: any address of ImageKit's host is ImageKit. */
export function isImageKitsOwn(base: string): boolean {
  return URL.canParse(base) && new URL(base).hostname.replace(/\.$/, "") === "api.imagekit.io";
}
