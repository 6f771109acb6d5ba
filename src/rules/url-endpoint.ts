import { readHost } from "./host.ts";
import { hasDotSegment } from "./path.ts";
import { quote } from "./quote.ts";

/** A URL prefix of the account: the host in lower case (with a port, if any), the path without a final slash. */
export type UrlEndpoint = { readonly host: string; readonly path: string };

const sharedHost = "ik.imagekit.io";

/**
 * One entry of IMAGEKIT_URL_ENDPOINTS: `https://ik.imagekit.io/your_id`, `…/your_id/pattern` or a custom domain.
 * Scheme and final slash do not matter. What ImageKit allows in a pattern is undocumented: we accept plain URL
 * characters, and nothing that could be read in two ways.
 */
export function parseUrlEndpoint(
  text: string,
): { readonly endpoint: UrlEndpoint } | { readonly problem: string } {
  const problem = (why: string) => ({ problem: `${quote(text.trim())} is not a URL endpoint: ${why}` });
  const [, scheme = "", authority = "", rest = ""] =
    /^(https?):\/\/([^/?#\\]*)(.*)/isu.exec(text.trim()) ?? [];
  if (scheme === "")
    return problem("it must begin with https:// or http://, like https://ik.imagekit.io/your_id");
  if (authority.includes("@")) return problem("it must not contain a user name or password");
  if (authority.includes("*")) return problem("the host must not contain a wildcard");
  const reading = readHost(scheme.toLowerCase() === "http" ? "http" : "https", authority);
  if ("problem" in reading) return problem(reading.problem);
  const path = rest.endsWith("/") ? rest.slice(0, -1) : rest;
  if (!/^(?:\/[\w.~!$&'()+;=:@-]+)*$/u.test(path) || hasDotSegment(path)) {
    return problem(
      "its path may contain only plain segments: no query, fragment, %, *, backslash, dots or //",
    );
  }
  if (path.includes("/tr:")) return problem("a transformation (tr:…) is not part of a URL endpoint");
  if (reading.host === sharedHost && path === "") {
    return problem(`${sharedHost} is shared by all accounts, so your ImageKit id must follow it`);
  }
  return { endpoint: { host: reading.host, path } };
}

/**
 * The longest endpoint that the URL is under, if any. Host and path are canonical. Paths are compared exactly, in whole
 * segments: `/demo` contains `/demo/a.jpg`, but neither `/demo-evil/a.jpg` nor `/demo*`.
 */
export function matchEndpoint(
  host: string,
  path: string,
  endpoints: readonly UrlEndpoint[],
): UrlEndpoint | undefined {
  let longest: UrlEndpoint | undefined;
  for (const endpoint of endpoints) {
    const inside = path === endpoint.path || path.startsWith(`${endpoint.path}/`);
    if (endpoint.host !== host || !inside) continue;
    if (longest === undefined || endpoint.path.length > longest.path.length) longest = endpoint;
  }
  return longest;
}

/** An endpoint as people write it: `https://ik.imagekit.io/your_id`. */
export function urlOf(scheme: "http" | "https", { host, path }: UrlEndpoint): string {
  return `${scheme}://${host}${path}`;
}
