import { endsInKnownFile } from "../../rules/image-file.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";

/** `"GET /demo/tr:w-400/shoe.jpg HTTP/1.1"`, and the columns of CloudFront: method, host, path. */
const request = /\b(?:GET|HEAD)[ \t](?:[\w.:-]{1,260}[ \t])?(\/[^\s"?#]*)/gu;

/**
 * The URLs of images that an access log names by their path alone. The endpoint is the one whose path the request's path
 * begins with. An endpoint without a path would match the pages of any site: there, only a path transformation shows that
 * the request was for an image at ImageKit. A request that could be for several hosts is ignored.
 */
export function findRequests(text: string, endpoints: readonly UrlEndpoint[]): readonly string[] {
  return [...text.matchAll(request)].flatMap(([, path = ""]) => {
    const endpoint = endsInKnownFile(path) ? endpointOfPath(path, endpoints) : undefined;
    return endpoint === undefined ? [] : [`https://${endpoint.host}${path}`];
  });
}

function endpointOfPath(path: string, endpoints: readonly UrlEndpoint[]): UrlEndpoint | undefined {
  const isTransformed = path.startsWith("/tr:");
  const candidates = endpoints.filter((one) =>
    one.path === "" ? isTransformed : path.startsWith(`${one.path}/`),
  );
  const longest = Math.max(0, ...candidates.map((one) => one.path.length));
  const [only, ...others] = candidates.filter((one) => one.path.length === longest);
  return others.length === 0 ? only : undefined;
}
