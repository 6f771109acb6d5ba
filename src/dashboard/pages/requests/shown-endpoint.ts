import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";

/**
 * The configured endpoint below which most of these URLs are, as their text begins; undefined if that saves nothing. It is
 * shown once, above them.
 */
export function endpointOfMost(
  urls: readonly string[],
  endpoints: readonly UrlEndpoint[],
): string | undefined {
  const counts = endpoints.map(({ host, path }) => {
    const text = `https://${host}${path}`;
    return { text, count: urls.filter((url) => url.startsWith(`${text}/`)).length };
  });
  const [most] = counts.sort((one, other) => other.count - one.count || other.text.length - one.text.length);
  return most === undefined || most.count < 2 ? undefined : most.text;
}

/** The URL without the endpoint that is shown already. */
export function belowEndpoint(url: string, endpoint: string | undefined): string {
  return endpoint !== undefined && url.startsWith(`${endpoint}/`) ? url.slice(endpoint.length) : url;
}
