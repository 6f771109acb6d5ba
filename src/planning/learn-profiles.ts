import type { Profile } from "../domain/profile.ts";
import { withoutTrailing } from "../domain/trailing.ts";
import type { UrlEndpoint } from "../rules/url-endpoint.ts";
import { checkProfile, maximumImageTargets, maximumPaths } from "./check-profile.ts";
import { compressLists } from "./learning/compress-lists.ts";
import { type FolderGroup, groupFolders } from "./learning/group-folders.ts";
import { countIgnored, type Ignored, type IgnoredCounter } from "./learning/ignored.ts";
import { readUsages } from "./learning/read-usages.ts";

/** A profile, and how often each of its path transformations and URL endpoints was found; the most frequent first. */
export type LearnedProfile = Profile & { readonly seen: Readonly<Record<string, number>> };

export type Learned = {
  /** The most used first. */
  readonly profiles: readonly LearnedProfile[];
  /** How many URLs of images were found, repetitions included. */
  readonly urls: number;
  readonly ignored: readonly Ignored[];
};

/** Shorter than a name may be, so that a number fits after it. */
const longestName = 28;
/** More groups are tried than there can be profiles: where a large one does not fit, a smaller one still may. */
const mostTried = 100;

/**
 * Learns from a text how a shop's pages build the URLs of its images: from a page, a sitemap, style sheets, JSON, a log or
 * a list. The profiles are sound (`checkProfile`) and can be stored together. Takes time in proportion to the text.
 */
export function learnProfiles(text: string, endpoints: readonly UrlEndpoint[]): Learned {
  const ignored = countIgnored();
  const usages = readUsages(text, endpoints, ignored);
  const profiles: LearnedProfile[] = [];
  for (const [index, group] of groupFolders(usages).entries()) {
    const learned = index < mostTried ? profileOf(group, profiles, ignored) : undefined;
    const check = learned && checkProfile(learned, profiles, endpoints);
    if (learned !== undefined && check !== undefined && "profile" in check) {
      profiles.push({ ...check.profile, seen: learned.seen });
    } else {
      ignored.add(
        "Pages show too many folders in different ways: only the most used got a profile.",
        group.paths[0] ?? "/",
        group.count,
      );
    }
  }
  const urls = usages.reduce((sum, { count }) => sum + count, 0);
  return { profiles, urls, ignored: ignored.list() };
}

function profileOf(group: FolderGroup, others: readonly Profile[], ignored: IgnoredCounter): LearnedProfile {
  const endpoints = byCount(group.endpoints).slice(0, maximumImageTargets);
  const room = Math.floor(maximumImageTargets / endpoints.length) - 1;
  const transformations = byCount(group.transformations);
  for (const [transformation, count] of transformations.slice(room)) {
    ignored.add(
      `Beyond the limit of ${maximumImageTargets} targets an image: only the most used path transformations are in the profile.`,
      transformation,
      count,
    );
  }
  const kept = transformations.slice(0, room);
  const paths = [...group.paths].sort();
  for (const path of paths.slice(maximumPaths)) {
    ignored.add(`Beyond the limit of ${maximumPaths} paths a profile.`, path);
  }
  return {
    name: nameOf(paths[0] ?? "/", others),
    paths: paths.slice(0, maximumPaths),
    endpoints: endpoints.map(([endpoint]) => endpoint),
    transformations: compressLists(kept.map(([transformation]) => transformation)),
    seen: Object.fromEntries([...kept, ...endpoints]),
  };
}

function byCount(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** The folder's own name, such as `products`, with a number where another profile has it; `all` for `/`. */
function nameOf(path: string, others: readonly Profile[]): string {
  const words =
    path
      .toLowerCase()
      .replace(/%[0-9a-f]{2}/gu, "-")
      .match(/[a-z0-9-]+/gu) ?? [];
  const name = withoutTrailing((words.at(-1) ?? "").slice(0, longestName), "-") || "all";
  const isTaken = (one: string) => others.some((other) => other.name === one);
  for (let number = 2; isTaken(name); number += 1)
    if (!isTaken(`${name}-${number}`)) return `${name}-${number}`;
  return name;
}
