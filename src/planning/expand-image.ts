import type { Profile } from "../domain/profile.ts";
import {
  doubtCodes,
  normalisationCodes,
  type Violation,
  type Warning,
  warningOf,
} from "../domain/verdict.ts";
import { checkedUrl } from "../rules/checked-url.ts";
import { isWiderThanAnEndpoint } from "../rules/endpoint-of.ts";
import { endsInKnownFile } from "../rules/image-file.ts";
import { maximumUrlBytes } from "../rules/limits.ts";
import type { ImageName } from "../rules/name-image.ts";
import { quote } from "../rules/quote.ts";
import { readLine, type Target } from "../rules/target.ts";
import { matchEndpoint, type UrlEndpoint } from "../rules/url-endpoint.ts";
import { checkWildcard } from "../rules/wildcard.ts";
import { expandTransformation } from "./expand-transformation.ts";

export type Expansion =
  | { readonly targets: readonly Target[]; readonly warnings: readonly Warning[] }
  | { readonly violations: readonly Violation[] };

type Context = { readonly endpoints: readonly UrlEndpoint[]; readonly mayUseWildcards: boolean };

/** Where pages serve an image from. `url` has the scheme: `https://ik.imagekit.io/demo`. */
type Base = { readonly url: string; readonly endpoint: UrlEndpoint };

/** Notes that an image's targets do not need: they say what the exact URL of a line leaves cached. */
const notOfImages: readonly string[] = [...normalisationCodes, "exact-only", "folder-without-wildcard"];

/**
 * The targets that clear an image and everything that a profile's pages make of it: for each endpoint the original, and
 * one for each path transformation. What was given is one more target if these do not clear it.
 */
export function expandImage(name: ImageName, profile: Profile | undefined, context: Context): Expansion {
  const bases = basesOf(name, profile, context.endpoints);
  if ("violations" in bases) return bases;
  const transformations = profile?.transformations.flatMap(expandTransformation) ?? [];
  const targets: Target[] = [];
  const warnings = [...name.warnings];
  const warn = (warning: Warning) => {
    if (!warnings.some(({ code }) => code === warning.code)) warnings.push(warning);
  };

  for (const base of bases) {
    const original = readOriginal(base, name, context);
    if ("violations" in original) return original;
    const { kind, isDoubtful } = original;
    for (const stack of [undefined, ...transformations]) {
      const prefix = base.url + (stack === undefined ? "" : `/${stack}`) + name.path;
      const url = kind === "wildcard" ? `${prefix}*` : prefix;
      if (url.length > maximumUrlBytes) return { violations: [tooLong(url)] };
      targets.push({
        url,
        kind,
        prefix,
        pathTransformations: stack === undefined ? [] : [stack],
        isDoubtful,
      });
    }
    original.warnings.forEach(warn);
  }
  if (profile === undefined) warn(noProfile(name, bases));

  for (const url of given(name, bases)) {
    const reading = readLine(url, context.endpoints);
    if ("violations" in reading) return reading;
    if (targets.some((target) => reaches(target, reading.target))) continue;
    targets.push(reading.target);
    warn(notInProfile(profile));
    for (const { code, severity, message } of reading.warnings) {
      if (severity !== "note" && code !== "version-in-query") warn({ code, severity, message });
    }
  }
  return { targets, warnings };
}

function basesOf(
  { path, endpoint }: ImageName,
  profile: Profile | undefined,
  endpoints: readonly UrlEndpoint[],
): readonly Base[] | { readonly violations: readonly Violation[] } {
  const [only, ...others] = endpoints;
  if (profile === undefined && endpoint === undefined && only !== undefined && others.length > 0) {
    return { violations: [ambiguousEndpoint(path, endpoints)] };
  }
  const urls = profile?.endpoints ?? [endpoint ?? (only === undefined ? "" : urlOf("https", only))];
  const bases: Base[] = [];
  for (const url of urls) {
    const known = endpoints.find((one) => url === urlOf("https", one) || url === urlOf("http", one));
    if (known === undefined) return { violations: [endpointNotConfigured(url, profile)] };
    bases.push({ url, endpoint: known });
  }
  return bases;
}

type Original = {
  readonly kind: Target["kind"];
  readonly isDoubtful: boolean;
  readonly warnings: readonly Warning[];
};

/** What the rules say about the original at one endpoint, and whether a wildcard clears it. */
function readOriginal(
  { url, endpoint }: Base,
  { path, endpoint: givenEndpoint }: ImageName,
  { endpoints, mayUseWildcards }: Context,
): Original | { readonly violations: readonly Violation[] } {
  const reading = readLine(url + path, endpoints);
  if ("violations" in reading) {
    return {
      violations: givenEndpoint === undefined ? reading.violations.map(aboutPath(url)) : reading.violations,
    };
  }
  const inner = matchEndpoint(endpoint.host, endpoint.path + path, endpoints);
  if (inner !== undefined && inner !== endpoint) return { violations: [otherEndpoint(path, url, inner)] };

  const wildcard = checkWildcard(checkedUrl({ kind: "wildcard", endpoint: url, path, query: "" }));
  const isAllowed =
    wildcard.refusals.length === 0 &&
    !isWiderThanAnEndpoint(`${endpoint.host}${endpoint.path}${path}*`, endpoints);
  const doubts = wildcard.warnings.filter(({ code }) => doubtCodes.includes(code));
  const isDoubtful = reading.target.isDoubtful || doubts.length > 0;
  const warnings = reading.warnings
    .filter(({ code }) => !notOfImages.includes(code))
    .map((warning) => (givenEndpoint === undefined ? withPath(warning, url) : warning));
  if (isAllowed && endsInKnownFile(path))
    return { kind: "wildcard", isDoubtful, warnings: [...warnings, ...doubts] };
  if (isAllowed && mayUseWildcards && !isDoubtful) {
    return { kind: "wildcard", isDoubtful, warnings: [...warnings, clearsNeighbours(path)] };
  }
  return { kind: "exact", isDoubtful: reading.target.isDoubtful, warnings: [...warnings, exactOnly()] };
}

/** What was given, as URLs: a path may be served from every endpoint of its profile. */
function given({ path, endpoint, given }: ImageName, bases: readonly Base[]): readonly string[] {
  const isOriginal = given === path && (endpoint === undefined || bases.some(({ url }) => url === endpoint));
  if (isOriginal) return [];
  return endpoint === undefined ? bases.map(({ url }) => url + given) : [endpoint + given];
}

/** Whether a target clears another one if ImageKit accepts it. */
function reaches(target: Target, other: Target): boolean {
  if (target.url === other.url) return true;
  const stack = (one: Target) => one.pathTransformations.join("/");
  return (
    target.kind === "wildcard" && other.prefix.startsWith(target.prefix) && stack(target) === stack(other)
  );
}

function urlOf(scheme: string, { host, path }: UrlEndpoint): string {
  return `${scheme}://${host}${path}`;
}

/** A violation of a URL that was made from a path, in words about the path. */
function aboutPath(base: string): (violation: Violation) => Violation {
  return (violation) => ({
    ...withPath(violation, base),
    code: violation.code === "url-too-long" ? violation.code : "not-an-image",
  });
}

/** A finding that suggests a path, as was given, and no URL. */
function withPath<Finding extends Violation | Warning>(finding: Finding, base: string): Finding {
  const { suggestion } = finding;
  return suggestion?.startsWith(`${base}/`) === true
    ? { ...finding, suggestion: suggestion.slice(base.length) }
    : { ...finding, suggestion: undefined };
}

function tooLong(url: string): Violation {
  return {
    code: "url-too-long",
    message: `Shorten the path: the limit is ${maximumUrlBytes} bytes, and a URL made from it has ${url.length}.`,
  };
}

function ambiguousEndpoint(path: string, endpoints: readonly UrlEndpoint[]): Violation {
  return {
    code: "ambiguous-endpoint",
    message: `Write one of the image's URLs, or add a profile for its folder: no profile has ${quote(path)}.`,
    why: `${endpoints.length} URL endpoints are configured, and pages may serve the image from any of them.`,
  };
}

function otherEndpoint(path: string, url: string, inner: UrlEndpoint): Violation {
  return {
    code: "ambiguous-endpoint",
    message: `Write the image's path after ${urlOf("https", inner)}, which is a URL endpoint of its own, or one of its URLs.`,
    why: `${quote(path)} after ${url} is under that endpoint, so it names another file there.`,
  };
}

function endpointNotConfigured(url: string, profile: Profile | undefined): Violation {
  return {
    code: "unknown-endpoint",
    message:
      profile === undefined
        ? "Configure a URL endpoint: there is none."
        : `Change the profile "${profile.name}": its URL endpoint ${url} is not configured.`,
  };
}

function noProfile({ path }: ImageName, bases: readonly Base[]): Warning {
  const from = bases.map(({ url }) => url).join(", ");
  return warningOf(
    "no-profile",
    `Clears the original at ${from} only. If pages use path transformations or other URL endpoints, add a profile for ` +
      `${quote(path.slice(0, path.lastIndexOf("/") + 1))}.`,
  );
}

function notInProfile(profile: Profile | undefined): Warning {
  const why =
    profile === undefined ? "there is no profile for it" : `the profile "${profile.name}" does not make it`;
  return warningOf(
    "not-in-profile",
    `Clears the URL as given with a purge of its own, because ${why}. If pages use it for other images too, add its path ` +
      "transformation or URL endpoint to a profile.",
  );
}

function clearsNeighbours(path: string): Warning {
  return warningOf(
    "clears-neighbours",
    `Also clears every other file whose path begins with ${quote(path)}: the name has no extension that would end it.`,
  );
}

function exactOnly(): Warning {
  return warningOf(
    "exact-only",
    "Clears exactly these URLs, not their versions and query transformations (?tr=…): the name has no extension that would " +
      "end it, so a wildcard would reach other files.",
  );
}
