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
  const widest = widestOf(folders);
  if (widest.length === 0) return covers;

  const findCertainPrefix = certainPrefixes(endpoints);
  for (const group of groupTargets(targets, endpoints)) {
    for (const folder of widest) {
      for (const { prefix, members } of shareWildcards(group, folder, findCertainPrefix)) {
        const path = prefix.slice(group.root.length);
        const wildcard = { url: `${prefix}*`, cover: narrowestOf(folders, path) ?? folder };
        for (const { target } of group.members.slice(members.from, members.to))
          covers.set(target.url, wildcard);
      }
    }
  }
  return covers;
}

/** The folders that lie in no other, without what is no folder. */
function widestOf(folders: readonly string[]): readonly string[] {
  const widest: string[] = [];
  for (const folder of [...folders].sort()) {
    const isFolder = /^\/.*[^/].*\/$/su.test(folder);
    const last = widest.at(-1);
    if (isFolder && (last === undefined || !folder.startsWith(last))) widest.push(folder);
  }
  return widest;
}

function narrowestOf(folders: readonly string[], path: string): string | undefined {
  let narrowest: string | undefined;
  for (const folder of folders) {
    if (path.startsWith(folder) && folder.length > (narrowest?.length ?? 0)) narrowest = folder;
  }
  return narrowest;
}
