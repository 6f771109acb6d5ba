import type { Profile } from "../domain/profile.ts";
import { shownEndpoints } from "../rules/endpoint-of.ts";
import { quote } from "../rules/quote.ts";
import { parseUrlEndpoint, type UrlEndpoint } from "../rules/url-endpoint.ts";
import { checkProfilePath } from "./check-profile-path.ts";
import { checkTransformation } from "./check-transformation.ts";
import { expandTransformation } from "./expand-transformation.ts";

/** Targets of one image: endpoints × (1 + path transformations). */
export const maximumImageTargets = 50;
const maximumProfiles = 50;
export const maximumPaths = 200;
/** Of all profiles together, as JSON: each plan reads all of them. */
const maximumBytes = 64_000;
const namePattern = /^[a-z0-9-]{1,32}$/u;

/** What is wrong with a profile. `at` is a JSON pointer, such as `/transformations/0`; empty for the whole. */
export type ProfileFault = { readonly at: string; readonly message: string };

export type ProfileCheck = { readonly profile: Profile } | { readonly faults: readonly ProfileFault[] };

/**
 * Checks a profile that is about to be stored beside `others`; one of them with its name is the one that it replaces.
 * Gives it as it is stored (paths percent-encoded and with a final slash, endpoints as configured), or every fault.
 */
export function checkProfile(
  profile: Profile,
  others: readonly Profile[],
  endpoints: readonly UrlEndpoint[],
): ProfileCheck {
  const { name } = profile;
  const faults: ProfileFault[] = [];
  const fault = (at: string, message: string) => faults.push({ at, message });
  const beside = others.filter((other) => other.name !== name);

  if (!namePattern.test(name)) fault("/name", "Name the profile with 1 to 32 of a-z, 0-9 and -.");
  const paths = checkPaths(profile.paths, beside, fault);
  const urls = checkEndpoints(profile.endpoints, endpoints, fault);
  const transformations = checkTransformations(profile.transformations, urls.length, fault);

  const checked = { name, paths, endpoints: urls, transformations };
  if (beside.length >= maximumProfiles) {
    fault("", `Delete a profile first: there are ${beside.length}, and the limit is ${maximumProfiles}.`);
  }
  const bytes = sizeOf([...beside.map(stored), checked]);
  if (bytes > maximumBytes) {
    fault(
      "",
      `Shorten the profiles: together they would have ${bytes} bytes, and the limit is ${maximumBytes}.`,
    );
  }
  return faults.length > 0 ? { faults } : { profile: checked };
}

/** What an image of a profile costs, and what it would cost if pages used query transformations (`?tr=`) instead. */
export function profilePrice({ endpoints, transformations }: Profile): {
  readonly units: number;
  readonly unitsWithQuery: number;
} {
  const variants = transformations.flatMap(expandTransformation).length;
  return { units: endpoints.length * (1 + variants), unitsWithQuery: endpoints.length };
}

type Fault = (at: string, message: string) => void;

function checkPaths(paths: readonly string[], beside: readonly Profile[], fault: Fault): readonly string[] {
  if (paths.length === 0)
    fault("/paths", "Add a path: the folder of the images, such as /products/, or / for all.");
  if (paths.length > maximumPaths) {
    fault("/paths", `Leave at most ${maximumPaths} paths: there are ${paths.length}.`);
    return [];
  }
  const owners = new Map(beside.flatMap((other) => other.paths.map((path) => [path, other.name])));
  const checked: string[] = [];
  for (const [index, written] of paths.entries()) {
    const at = `/paths/${index}`;
    const reading = checkProfilePath(written);
    if ("problem" in reading) {
      fault(at, reading.problem);
      continue;
    }
    const owner = owners.get(reading.path);
    const first = checked.indexOf(reading.path);
    if (owner !== undefined)
      fault(at, `Choose another path: ${quote(reading.path)} belongs to the profile "${owner}".`);
    if (first >= 0) fault(at, `Remove it: ${quote(reading.path)} is in the list already.`);
    checked.push(reading.path);
  }
  return checked;
}

function checkEndpoints(
  written: readonly string[],
  endpoints: readonly UrlEndpoint[],
  fault: Fault,
): readonly string[] {
  if (written.length === 0) fault("/endpoints", `Add a URL endpoint (${shownEndpoints(endpoints)}).`);
  const checked: string[] = [];
  for (const [index, text] of written.slice(0, maximumImageTargets + 1).entries()) {
    const at = `/endpoints/${index}`;
    const reading = parseUrlEndpoint(text);
    const known =
      "endpoint" in reading
        ? endpoints.find(({ host, path }) => host === reading.endpoint.host && path === reading.endpoint.path)
        : undefined;
    if (known === undefined) {
      fault(at, `Use a configured URL endpoint (${shownEndpoints(endpoints)}): ${quote(text)} is none.`);
      continue;
    }
    const url = `${/^http:/iu.test(text.trim()) ? "http" : "https"}://${known.host}${known.path}`;
    if (checked.includes(url)) fault(at, `Remove it: ${url} is in the list already.`);
    checked.push(url);
  }
  return checked;
}

function checkTransformations(
  written: readonly string[],
  endpointCount: number,
  fault: Fault,
): readonly string[] {
  const checked: string[] = [];
  const firstAt = new Map<string, string>();
  for (const [index, text] of written.slice(0, maximumImageTargets).entries()) {
    const at = `/transformations/${index}`;
    const reading = checkTransformation(text);
    if ("problem" in reading) {
      fault(at, reading.problem);
      continue;
    }
    for (const one of expandTransformation(reading.transformation)) {
      const first = firstAt.get(one);
      if (first !== undefined) fault(at, `Remove ${quote(one)}: ${first} has it already.`);
      firstAt.set(one, at);
    }
    checked.push(reading.transformation);
  }
  const variants = Math.max(firstAt.size, written.length);
  const targets = Math.max(1, endpointCount) * (1 + variants);
  if (targets > maximumImageTargets) {
    fault(
      "/transformations",
      `Remove path transformations or URL endpoints: an image of this profile would cost ${targets} units (URL endpoints × ` +
        `(1 + path transformations)), and the limit is ${maximumImageTargets}.`,
    );
  }
  return checked;
}

function stored({ name, paths, endpoints, transformations }: Profile): Profile {
  return { name, paths, endpoints, transformations };
}

function sizeOf(profiles: readonly Profile[]): number {
  return new TextEncoder().encode(JSON.stringify(profiles)).length;
}
