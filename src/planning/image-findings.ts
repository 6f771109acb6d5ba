import type { Profile } from "../domain/profile.ts";
import { type Violation, type Warning, warningOf } from "../domain/verdict.ts";
import { maximumUrlBytes } from "../rules/limits.ts";
import { quote } from "../rules/quote.ts";
import { type UrlEndpoint, urlOf } from "../rules/url-endpoint.ts";

/** A violation of a URL that was made from a path, in words about the path. */
export function aboutPath(base: string): (violation: Violation) => Violation {
  return (violation) => ({
    ...withPath(violation, base),
    code: violation.code === "url-too-long" ? violation.code : "not-an-image",
  });
}

/** A finding that suggests a path, as was given, and no URL. */
export function withPath<Finding extends Violation | Warning>(finding: Finding, base: string): Finding {
  const { suggestion } = finding;
  return suggestion?.startsWith(`${base}/`) === true
    ? { ...finding, suggestion: suggestion.slice(base.length) }
    : { ...finding, suggestion: undefined };
}

export function tooLong(url: string): Violation {
  return {
    code: "url-too-long",
    message: `Shorten the path: the limit is ${maximumUrlBytes} bytes, and a URL made from it has ${url.length}.`,
  };
}

export function ambiguousEndpoint(path: string, endpoints: readonly UrlEndpoint[]): Violation {
  return {
    code: "ambiguous-endpoint",
    message: `Write one of the image's URLs, or add a profile for its folder: no profile has ${quote(path)}.`,
    why: `${endpoints.length} URL endpoints are configured, and pages may serve the image from any of them.`,
  };
}

export function otherEndpoint(path: string, url: string, inner: UrlEndpoint): Violation {
  return {
    code: "ambiguous-endpoint",
    message: `Write the image's path after ${urlOf("https", inner)}, which is a URL endpoint of its own, or one of its URLs.`,
    why: `${quote(path)} after ${url} is under that endpoint, so it names another file there.`,
  };
}

export function endpointNotConfigured(url: string, profile: Profile | undefined): Violation {
  return {
    code: "unknown-endpoint",
    message:
      profile === undefined
        ? "Configure a URL endpoint: there is none."
        : `Change the profile "${profile.name}": its URL endpoint ${url} is not configured.`,
  };
}

/** A program took the path of the whole URL: `new URL(…).pathname`. */
export function endpointInPath(path: string, endpoint: UrlEndpoint): Warning {
  const rest = path.slice(endpoint.path.length);
  return warningOf(
    "endpoint-in-path",
    `Write the path after the URL endpoint, ${quote(rest)}: ${quote(endpoint.path)} belongs to the endpoint. If there is a ` +
      "folder of that name too, write a URL of the image, or add a profile for the folder.",
    rest,
  );
}

export function noProfile(path: string, endpoint: string): Warning {
  return warningOf(
    "no-profile",
    `Clears the original at ${endpoint} only. If pages use path transformations or other URL endpoints, add a profile for ` +
      `${quote(path.slice(0, path.lastIndexOf("/") + 1))}.`,
  );
}

export function notInProfile(profile: Profile | undefined): Warning {
  const why =
    profile === undefined ? "there is no profile for it" : `the profile "${profile.name}" does not make it`;
  return warningOf(
    "not-in-profile",
    `Clears the URL as given with a purge of its own, because ${why}. If pages use it for other images too, add its path ` +
      "transformation or URL endpoint to a profile.",
  );
}

export function clearsNeighbours(path: string): Warning {
  return warningOf(
    "clears-neighbours",
    `Also clears every other file whose path begins with ${quote(path)}: the name has no extension that would end it.`,
  );
}

export function exactOnly(): Warning {
  return warningOf(
    "exact-only",
    "Clears exactly these URLs, not their versions and query transformations (?tr=…): the name has no extension that would " +
      "end it, so a wildcard would reach other files.",
  );
}
