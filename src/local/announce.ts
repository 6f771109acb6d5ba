/** What `npm start` says when it is ready. */

import type { LocalParts } from "./local-environment.ts";
import { samplePath } from "./sample/sample-page.tsx";
import { sampleRequest } from "./sample-request.ts";

export type Announcement = {
  readonly url: string;
  /** Signs in to the dashboard once. */
  readonly signInUrl: string;
  readonly parts: LocalParts;
  /** The token made for this run; absent when PURGE_TOKENS is set, because only its hash is known then. */
  readonly adminToken: string | undefined;
  /** Made for this run too: what code with ImageKit's SDK needs, purges and wildcards. */
  readonly sdkToken: string | undefined;
  /** IMAGEKIT_URL_ENDPOINTS as given. */
  readonly urlEndpoints: string | undefined;
  readonly sweepEveryMs: number;
  /** What is set and probably not meant. */
  readonly warnings: readonly string[];
};

export function announce(about: Announcement, red: (text: string) => string = (text) => text): string {
  const { parts, url, adminToken } = about;
  const isLive = parts.imagekit === "live";
  const blocks = [
    [`Purge Desk is ready: ${url}`, `Open the dashboard, signed in (works once): ${about.signInUrl}`],
    about.warnings.map((warning) => red(`WARNING: ${warning}`)),
    isLive ? [red("LIVE: this is the real ImageKit. Purges are real and cost units of your quota.")] : [],
    [
      `  ImageKit  ${imagekitWords[parts.imagekit]}`,
      `  Redis     ${redisWords[parts.redis.kind]}`,
      `  Sweep     a local scheduler, every ${about.sweepEveryMs / 1000} s (on Netlify: each minute)`,
      adminToken === undefined
        ? "  Tokens    those of PURGE_TOKENS; put yours into $PURGE_TOKEN for the lines below"
        : `  Token     ${adminToken} (admin, made for this run)`,
    ],
    // Against the real ImageKit a pasted line must not cost anything.
    [isLive ? "Try it (a plan: costs nothing):" : "Try it:", `  ${curlLine(about)}`],
    [
      `Put these before the command that runs your code, and ImageKit's SDK purges through Purge Desk, unchanged${isLive ? " (each purge costs a unit)" : ""}:`,
      `  ${sdkVariables(about)}`,
    ],
    parts.imagekit === "simulated"
      ? [`See what Purge Desk finds at the CDN after a purge: ${url}${samplePath}`]
      : [],
    howToBeReal(parts),
    ["Ctrl-C ends everything."],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

const imagekitWords = {
  live: "real (IMAGEKIT_PRIVATE_KEY)",
  elsewhere: "the one at IMAGEKIT_API_BASE_URL",
  simulated: "simulated, and its CDN with it: it answers like ImageKit, and nothing is purged",
} as const;

const redisWords = {
  upstash: "real, Upstash (UPSTASH_REDIS_REST_URL)",
  "redis-server": "real (REDIS_URL), behind a bridge that speaks Upstash's protocol",
  embedded: "embedded, behind a bridge that speaks Upstash's protocol; forgotten at the end",
} as const;

function curlLine({ url, parts, adminToken, urlEndpoints }: Announcement): string {
  const path = parts.imagekit === "live" ? "/api/plan" : "/api/purges";
  const authorization =
    adminToken === undefined
      ? '"Authorization: Bearer $PURGE_TOKEN"'
      : shellQuoted(`Authorization: Bearer ${adminToken}`);
  const body = shellQuoted(JSON.stringify(sampleRequest(urlEndpoints)));
  return `curl ${url}${path} -H ${authorization} -H 'Content-Type: application/json' -d ${body}`;
}

/** As the SDK reads them. Exported, the second one would be taken for ImageKit's own key by the next `npm start`. */
function sdkVariables({ url, sdkToken }: Announcement): string {
  return `IMAGE_KIT_BASE_URL=${url} IMAGEKIT_PRIVATE_KEY=${sdkToken ?? '"$PURGE_TOKEN"'}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function howToBeReal(parts: LocalParts): readonly string[] {
  const lines = [
    ...(parts.imagekit === "live"
      ? []
      : ["  ImageKit  IMAGEKIT_PRIVATE_KEY and IMAGEKIT_URL_ENDPOINTS (with a real Redis only)"]),
    ...(parts.redis.kind === "upstash"
      ? []
      : ["  Upstash   UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN"]),
    ...(parts.redis.kind === "embedded"
      ? ["  or a Redis of your own: REDIS_URL=redis://127.0.0.1:6379"]
      : []),
  ];
  return lines.length === 0 ? [] : ["For the real ones, set in .env or in the environment:", ...lines];
}
