import type { Target } from "../rules/target.ts";
import { findCoveringWildcards } from "./covered-lines.ts";
import type { CoverWildcard } from "./covers/cover-targets.ts";

/** What clears a target: its own purge, another line's wildcard, or a cover's wildcard. */
export type Serving = {
  /** The URL that is purged. */
  readonly url: string;
  /** The first line that has that URL as a target; absent for a cover's wildcard. */
  readonly line?: number | undefined;
  /** The cover whose wildcard it is. */
  readonly cover?: string | undefined;
};

/**
 * Finds what clears each target of a request. `lines` has the targets of each line, none for a refused one. `coverTargets`
 * gets the targets that no other line's wildcard clears, each once, and answers with the covers' wildcards for some.
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
