import { canonicalText } from "../../rules/canonical.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { certainPrefixes } from "./certain-prefix.ts";
import { shareWildcards } from "./share-wildcards.ts";
import { groupTargets } from "./target-groups.ts";

/** A wildcard within a cover, which clears several targets at once. */
export type CoverWildcard = {
  readonly url: string;
  /** The narrowest cover that it lies in. */
  readonly cover: string;
};

/**
 * Given folders that may be cleared whole, finds for each target that need not be sent the wildcard that clears it, by
 * the target's URL. Together with the remaining targets, these wildcards are the fewest that clear everything; among sets
 * of the same size, they clear the least else. ImageKit certainly accepts each wildcard. Each lies in a folder, serves at
 * least two targets, and reaches into no other endpoint.
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

/** The folders in the order of their paths, without an endpoint's root and what is not a folder. */
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
