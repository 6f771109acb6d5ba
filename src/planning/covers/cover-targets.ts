import { canonicalText } from "../../rules/canonical.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { certainPrefixes } from "./certain-prefix.ts";
import { shareWildcards } from "./share-wildcards.ts";
import { groupTargets } from "./target-groups.ts";

/** A wildcard of an accepted folder, which clears several targets at once. */
export type CoverWildcard = {
  readonly url: string;
  /** The narrowest accepted folder that it lies in. */
  readonly cover: string;
};

/**
 * The wildcard for each target that need not be sent, by the target's URL, if these folders may be cleared whole. With
 * the targets that remain they are the fewest that clear everything; among as few, they clear least else. Each wildcard
 * is certain to be accepted, lies in a folder, serves two targets or more, and reaches into no other endpoint.
 * `targets` has each URL once, and none that another one's wildcard clears.
 */
export function coverTargets(
  targets: readonly { readonly url: string }[],
  folders: readonly string[],
  endpoints: readonly UrlEndpoint[],
): ReadonlyMap<string, CoverWildcard> {
  const covers = new Map<string, CoverWildcard>();
  const accepted = readFolders(folders);
  if (accepted.length === 0) return covers;

  const findCertainPrefix = certainPrefixes(endpoints);
  for (const group of groupTargets(targets, endpoints)) {
    for (const { path, given } of widestOf(accepted)) {
      for (const { prefix, members } of shareWildcards(group, path, findCertainPrefix)) {
        const cover = narrowestOf(accepted, prefix.slice(group.root.length)) ?? given;
        const wildcard = { url: `${prefix}*`, cover };
        for (const { target } of group.members.slice(members.from, members.to))
          covers.set(target.url, wildcard);
      }
    }
  }
  return covers;
}

/** `given` is how the caller writes the folder, `path` how URLs do. */
type Folder = { readonly given: string; readonly path: string };

/** The folders in the order of their paths, without what is no folder below an endpoint. */
function readFolders(folders: readonly string[]): readonly Folder[] {
  return folders
    .filter((given) => given.startsWith("/") && given.endsWith("/") && /[^/]/u.test(given))
    .map((given) => ({ given, path: canonicalText(given) }))
    .sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

/** The folders that lie in no other. In their order, what lies in a folder follows it. */
function widestOf(accepted: readonly Folder[]): readonly Folder[] {
  const widest: Folder[] = [];
  for (const folder of accepted) {
    const last = widest.at(-1);
    if (last === undefined || !folder.path.startsWith(last.path)) widest.push(folder);
  }
  return widest;
}

function narrowestOf(accepted: readonly Folder[], text: string): string | undefined {
  let narrowest: Folder | undefined;
  for (const folder of accepted) {
    if (text.startsWith(folder.path) && folder.path.length > (narrowest?.path.length ?? 0))
      narrowest = folder;
  }
  return narrowest?.given;
}
