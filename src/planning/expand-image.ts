import type { Profile } from "../domain/profile.ts";
import type { Violation, Warning } from "../domain/verdict.ts";
import { maximumUrlBytes } from "../rules/limits.ts";
import type { ImageName } from "../rules/name-image.ts";
import { readLine, type Target } from "../rules/target.ts";
import { type UrlEndpoint, urlOf } from "../rules/url-endpoint.ts";
import { expandTransformation } from "./expand-transformation.ts";
import {
  ambiguousEndpoint,
  endpointInPath,
  endpointNotConfigured,
  noProfile,
  notInProfile,
  tooLong,
} from "./image-findings.ts";
import { type Base, judgeOriginal } from "./judge-original.ts";

export type Expansion =
  | { readonly targets: readonly Target[]; readonly warnings: readonly Warning[] }
  | { readonly violations: readonly Violation[] };

type Context = { readonly endpoints: readonly UrlEndpoint[]; readonly mayUseWildcards: boolean };

/**
 * The targets that clear an image and everything that a profile's pages make of it: for each endpoint the original, and
 * one for each path transformation. What was given is one more target if these do not clear it.
 */
export function expandImage(name: ImageName, profile: Profile | undefined, context: Context): Expansion {
  const bases = basesOf(name, profile, context.endpoints);
  if ("violations" in bases) return bases;
  const original = judgeOriginal(name, bases, context);
  if ("violations" in original) return original;
  const transformations = profile?.transformations.flatMap(expandTransformation) ?? [];
  const targets: Target[] = [];
  for (const { base, kind, isDoubtful } of original.kinds) {
    for (const stack of [undefined, ...transformations]) {
      const prefix = base.url + (stack === undefined ? "" : `/${stack}`) + name.path;
      const url = kind === "wildcard" ? `${prefix}*` : prefix;
      if (url.length > maximumUrlBytes) return { violations: [tooLong(url)] };
      const pathTransformations = stack === undefined ? [] : [stack];
      targets.push({ url, kind, prefix, pathTransformations, isDoubtful });
    }
  }
  const twice = endpointTwice(name, profile, bases);
  const warnings = [...name.warnings, ...original.warnings, ...(twice === undefined ? [] : [twice])];
  if (profile === undefined) warnings.push(noProfile(name.path, bases[0]?.url ?? ""));

  const given = readGiven(name, bases, context.endpoints);
  if ("violations" in given) return given;
  const more = given.targets.filter((one) => !targets.some((target) => reaches(target, one)));
  if (more.length === 0) return { targets, warnings };
  const known = new Set(warnings.map(({ code }) => code));
  const cautions = given.warnings.filter(({ code, severity }) => {
    return severity !== "note" && code !== "version-in-query" && !known.has(code);
  });
  return { targets: [...targets, ...more], warnings: [...warnings, notInProfile(profile), ...cautions] };
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

/** The finding that a path begins with the path of the endpoint that it follows, unless a profile knows such a folder. */
function endpointTwice(
  { path, endpoint }: ImageName,
  profile: Profile | undefined,
  bases: readonly Base[],
): Warning | undefined {
  if (endpoint !== undefined) return undefined;
  const base = bases.find((one) => {
    const folder = `${one.endpoint.path}/`;
    return (
      folder !== "/" && path.startsWith(folder) && !profile?.paths.some((each) => each.startsWith(folder))
    );
  });
  return base && endpointInPath(path, base.endpoint);
}

/** What was given, as targets: a path may be served from every endpoint of its profile. */
function readGiven(
  { path, endpoint, given }: ImageName,
  bases: readonly Base[],
  endpoints: readonly UrlEndpoint[],
): Expansion {
  const isOriginal = given === path && (endpoint === undefined || bases.some(({ url }) => url === endpoint));
  if (isOriginal) return { targets: [], warnings: [] };
  const [first = "", ...others] = endpoint === undefined ? bases.map(({ url }) => url) : [endpoint];
  const reading = readLine(first + given, endpoints);
  if ("violations" in reading) return reading;
  const { target } = reading;
  const elsewhere = others.map((url) => ({ ...target, url: url + given, prefix: url + given }));
  // A suggestion would be a URL line, such as a wildcard, which is no image.
  const warnings = reading.warnings.map(({ code, severity, message }) => ({ code, severity, message }));
  return { targets: [target, ...elsewhere], warnings };
}

/** Whether a target clears another one if ImageKit accepts it. */
function reaches(target: Target, other: Target): boolean {
  if (target.url === other.url) return true;
  const stack = (one: Target) => one.pathTransformations.join("/");
  return (
    target.kind === "wildcard" && other.prefix.startsWith(target.prefix) && stack(target) === stack(other)
  );
}
