import type { EdgeReading } from "../domain/edge-check.ts";
import type { EpochMs } from "../domain/time.ts";
import { cacheOf, locationOf } from "./cache-words.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** Characters of a header that are kept. Those that are read here are far shorter. */
const longestValue = 200;
/** The largest `Age` that a cache sends (RFC 9111): 2^31 stands for anything above it, and is no time. */
const largestAge = 2 ** 31 - 1;

/** What the headers of an answer about a URL say, as they came at this time. The body is not looked at. */
export function interpretAnswer(
  { status, headers }: Pick<Response, "status" | "headers">,
  at: EpochMs,
  askedAt = at,
): EdgeReading {
  const value = (name: string) => clean(headers.get(name));
  const age = value("age");
  const ageSeconds = age !== undefined && /^-?\d{1,15}$/.test(age) ? Number(age) : undefined;
  const cache = cacheOf(value);
  const isAged = ageSeconds !== undefined && ageSeconds >= 0 && ageSeconds <= largestAge;
  // Without `Age` the copy was made for this answer, unless the cache says that it had it.
  const isNew = age === undefined && cache !== "hit";
  const madeAt = isAged ? at - ageSeconds * 1_000 : isNew ? at : undefined;
  return {
    at,
    askedAt,
    status,
    fingerprint: fingerprintOf(value, { status, madeAt }),
    type: value("content-type")?.split(/[;,]/)[0]?.trim().toLowerCase(),
    ageSeconds,
    isAgeUnusable: age === undefined || isAged ? undefined : true,
    madeAt,
    cache,
    location: locationOf(value),
    problem: isRedirect(status) ? redirectOf(headers.get("location")) : undefined,
  };
}

/** Where a redirect leads, without what may be a credential: its user, its query and its fragment are not kept. */
function redirectOf(location: string | null): string | undefined {
  const base = "https://same-host.invalid";
  if (location === null || !URL.canParse(location, base)) return undefined;
  const { protocol, origin, host, pathname } = new URL(location, base);
  if (origin === base) return clean(`redirected to ${pathname}`);
  if (!/^https?:$/.test(protocol)) return clean(`redirected to a ${protocol} URL`);
  return clean(`redirected to ${protocol}//${host}${pathname}`);
}

/** Other 3xx lead nowhere: 304 for example. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** The CDN or its origin could not answer now: it says nothing about the image. */
export function isFailure(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** One line of printable characters, short enough to keep. An empty header counts as absent. */
function clean(value: string | null): string | undefined {
  const line = value
    ?.slice(0, longestValue)
    .replace(/\p{C}+/gu, " ")
    .trim();
  return line === "" ? undefined : line;
}
