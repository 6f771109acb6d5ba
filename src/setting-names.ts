/** The names of all settings, and what to say about names that look like one of them and are not. */

/** Read wherever Purge Desk runs. */
const settingNames = [
  "IMAGEKIT_PRIVATE_KEY",
  "IMAGEKIT_URL_ENDPOINTS",
  "IMAGEKIT_API_BASE_URL",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "PURGE_TOKENS",
  "PURGE_SESSION_SECRET",
  "PURGE_LEDGER",
  "PURGE_MONTHLY_QUOTA",
  "PURGE_SAFETY_MARGIN",
  "PURGE_QUOTA_TIME_ZONE",
  "PURGE_QUOTA_RESET_DAY",
  "PURGE_SEND_RATE",
  "PURGE_POLL_RATE",
  "PURGE_CALLER_RATE",
  "PURGE_REPEAT_LIMIT",
  "PURGE_RESEND_UNKNOWN",
  "PURGE_REFUSED_COSTS",
  "PURGE_RETENTION_DAYS",
  "PURGE_EDGE_CHECK",
] as const;

export type SettingName = (typeof settingNames)[number];

export function isSetting(name: string): name is SettingName {
  return settingNames.some((known) => known === name);
}

/** Other programs read these: what a storefront calls this service with, and ImageKit's SDKs and build tools. */
const readByOthers = /^(PURGE_DESK_|IMAGEKIT_(PUBLIC_KEY|URL_ENDPOINT|ID)$)/;

/**
 * Whether these are for running Purge Desk, not only for calling it. The storefront that calls it may have ImageKit's key
 * and a Redis of its own. A misspelt PURGE_… counts: it was meant.
 */
export function isOfDeployment(env: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(env).some(
    ([name, value = ""]) =>
      /^(PURGE_(?!DESK_)|IMAGEKIT_(URL_ENDPOINTS|API_BASE_URL)$)/.test(name) && value.trim() !== "",
  );
}

/** Two slips of the finger, such as PURGE_MONTLY_QUOTAS. More would be another word. */
const likelySlips = 2;

/**
 * One sentence for each variable that is set and that nothing reads, though it is spelled like a setting. A name that
 * other programs read is mentioned only when the setting it resembles is missing. Values are never shown.
 */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const isSet = (name: string) => (env[name] ?? "").trim() !== "";
  return Object.keys(env)
    .filter((name) => isSet(name) && !isSetting(name))
    .sort()
    .flatMap((name) => {
      const nearest = nearestSetting(name);
      const isOurs = /^(PURGE|IMAGEKIT)_/.test(name) && !readByOthers.test(name);
      if (nearest !== undefined && (isOurs || !isSet(nearest))) {
        return [`${name}: is not a setting and has no effect. Did you mean ${nearest}?`];
      }
      return isOurs ? [`${name}: is not a setting and has no effect`] : [];
    });
}

function nearestSetting(name: string): SettingName | undefined {
  const upper = name.toUpperCase();
  const [nearest] = settingNames
    .map((known) => ({ known, slips: editDistance(upper, known) }))
    .filter(({ slips }) => slips <= likelySlips)
    .sort((one, other) => one.slips - other.slips);
  return nearest?.known;
}

/** Levenshtein's: characters to insert, delete or replace. One above `likelySlips` where lengths rule it out. */
function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > likelySlips) return likelySlips + 1;
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
