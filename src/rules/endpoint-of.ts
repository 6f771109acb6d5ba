import type { Rejection } from "../domain/verdict.ts";
import { eagerReading, hasDotSegment } from "./path.ts";
import { quote } from "./quote.ts";
import { matchEndpoint, type UrlEndpoint } from "./url-endpoint.ts";

const maximumShown = 5;

/**
 * The configured endpoint that a URL is under. `written` is the path as given, `path` the canonical one, both with a
 * wildcard's final `*`. Refused if a program that decodes more, or resolves less, would find another endpoint.
 */
export function endpointOf(
  host: string,
  written: string,
  path: string,
  endpoints: readonly UrlEndpoint[],
): { readonly endpoint: UrlEndpoint } | { readonly rejection: Rejection } {
  const endpoint = matchEndpoint(host, path, endpoints);
  const asWritten = matchEndpoint(host, written, endpoints);
  if (endpoint === undefined && asWritten === undefined) {
    return {
      rejection: {
        code: "unknown-endpoint",
        message: `Use a URL under a configured URL endpoint (${shownEndpoints(endpoints)}): ${quote(host + path)} is under none.`,
        why: "Hosts and paths must match exactly; upper and lower case count in paths.",
      },
    };
  }
  const eager = eagerReading(path);
  const hidden = hasDotSegment(eager.replace(/\*$/u, ""));
  if (
    endpoint === undefined ||
    hidden ||
    [asWritten, matchEndpoint(host, eager, endpoints)].some((other) => other !== endpoint)
  ) {
    return {
      rejection: {
        code: "unknown-endpoint",
        message: 'Write the path without ".", "..", %2F, %5C and %2E.',
        why:
          `${quote(host + path)} can be read as being under different URL endpoints, because of a ".." or an encoded ` +
          "slash or dot.",
      },
    };
  }
  return { endpoint };
}

/** What may have been meant by a URL under no endpoint: only slashes, or upper and lower case, differ from one. */
export function underEndpoint(
  {
    url,
    host,
    path,
    query,
  }: { readonly url: string; readonly host: string; readonly path: string; readonly query: string },
  endpoints: readonly UrlEndpoint[],
): readonly (readonly string[])[] {
  const written = path.replace(/^\/{2,9}/u, "/");
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  return endpoints
    .filter((endpoint) => endpoint.host === host && endpoint.path !== "")
    .filter((endpoint) => same(`${written}/`.slice(0, endpoint.path.length + 1), `${endpoint.path}/`))
    .map((endpoint) => [
      url.slice(0, url.length - path.length - query.length) +
        endpoint.path +
        written.slice(endpoint.path.length) +
        query,
    ]);
}

/** Whether a wildcard (without its scheme) covers an endpoint itself, as `ik.imagekit.io/*` and `…/demo*` do. */
export function isWiderThanAnEndpoint(wildcard: string, endpoints: readonly UrlEndpoint[]): boolean {
  const prefix = wildcard.slice(0, wildcard.indexOf("*"));
  return endpoints.some(({ host, path }) => `${host}${path}/`.startsWith(prefix));
}

/** The first URL endpoints of a list, for a message. */
export function shownEndpoints(endpoints: readonly UrlEndpoint[]): string {
  if (endpoints.length === 0) return "none is configured";
  const names = endpoints
    .slice(0, maximumShown)
    .map((endpoint) => `https://${endpoint.host}${endpoint.path}/`);
  const more = endpoints.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
