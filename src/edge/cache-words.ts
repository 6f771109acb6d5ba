import type { HeaderValue } from "./fingerprint.ts";

/** In which caches say whether they had a copy: those of Cloudflare, RFC 9211 (Netlify), Bunny, most others, and Vercel. */
const cacheHeaders = ["cf-cache-status", "cache-status", "cdn-cache", "x-cache", "x-vercel-cache"] as const;

/**
 * Whether any cache on the way said that it served a copy that it had, else whether one said that it had none. A cache in
 * front of the CDN keeps the CDN's headers with its copy, so the word "miss" beside a "hit" is an old one.
 *
 * `Hit from cloudfront`, `RefreshHit from cloudfront`, `TCP_MEM_HIT from a23…`, `HIT, MISS`, `"Netlify Edge"; hit`
 */
export function cacheOf(value: HeaderValue): "hit" | "miss" | undefined {
  const words = cacheHeaders.map((name) => withoutNames(value(name) ?? "")).join(" ");
  if (/hit|stale|revalidated|updating/i.test(words)) return "hit";
  return /miss|expired/i.test(words) ? "miss" : undefined;
}

/** Names of servers may contain anything, also "hit". */
function withoutNames(words: string): string {
  return words.replace(/"[^"]*"|\bfrom [^,]*/gi, "");
}

/** What the CDN calls the location that answered: CloudFront's, and that of Cloudflare where it is in front. */
export function locationOf(value: HeaderValue): string | undefined {
  const cloudflare = /-([A-Z]{3})$/.exec(value("cf-ray") ?? "")?.[1];
  const names = [cloudflare, value("x-amz-cf-pop")].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.join(", ");
}
