import type { Target } from "../rules/target.ts";
import { findCoveringWildcards } from "./covered-lines.ts";
import type { CoverWildcard } from "./covers/cover-targets.ts";

/** How a target gets cleared: by itself, by another line's wildcard, or by a wildcard of an accepted folder. */
export type Serving = {
  /** The URL that is purged. */
  readonly url: string;
  /** The first line that has that URL as a target; absent if only an accepted folder makes it. */
  readonly line?: number | undefined;
  /** The accepted folder. */
  readonly cover?: string | undefined;
};

/**
 * Finds what clears each target of a request. `lines` has the targets of each line, none for a refused one; `coverTargets`
 * gets each target once that no other line's wildcard clears, and answers the folder's wildcard for those that it clears.
 */
export function findServing(
  lines: readonly (readonly Target[])[],
  coverTargets: (targets: readonly Target[]) => ReadonlyMap<string, CoverWildcard>,
): (target: Target) => Serving {
  const firstLine = new Map<string, number>();
  const targets: Target[] = [];
  lines.forEach((ofLine, index) => {
    for (const target of ofLine) {
      if (firstLine.has(target.url)) continue;
      firstLine.set(target.url, index + 1);
      targets.push(target);
    }
  });
  const coveredBy = findCoveringWildcards(targets);
  const covers = coverTargets(targets.filter(({ url }) => !coveredBy.has(url)));

  return function servingOf({ url }) {
    const own = coveredBy.get(url)?.url ?? url;
    const cover = covers.get(own);
    return cover === undefined ? { url: own, line: firstLine.get(own) } : cover;
  };
}
