import { maximumFolderCharacters } from "../../rules/limits.ts";
import type { TargetGroup } from "./target-groups.ts";

/** A folder with two targets or more that might share a wildcard. */
export type Folder<T> = {
  readonly path: string;
  /** The folders that it lies in. */
  readonly above: readonly string[];
  /** The groups that have targets in it. */
  readonly groups: readonly TargetGroup<T>[];
  /** What clearing it whole saves at most: all but one of the units of each group. */
  readonly mostSaved: number;
};

/** Folders nested deeper are not offered, so that a path of nothing but slashes takes no longer than any other. */
const deepest = 30;

/** The folders in which these targets lie, but no endpoint's root: those that may save most first, then the narrowest. */
export function foldersOf<T>(
  groups: readonly TargetGroup<T>[],
  costs: (target: T) => boolean,
): readonly Folder<T>[] {
  const folders = new Map<string, { above: readonly string[]; units: Map<TargetGroup<T>, number> }>();
  const chains = new Map<string, readonly string[]>();
  for (const group of groups) {
    for (const { target, folder } of group.members) {
      const chain = chains.get(folder) ?? chainOf(folder);
      chains.set(folder, chain);
      chain.forEach((path, depth) => {
        const { units } = folders.get(path) ?? { units: new Map<TargetGroup<T>, number>() };
        units.set(group, (units.get(group) ?? 0) + (costs(target) ? 1 : 0));
        if (!folders.has(path)) folders.set(path, { above: chain.slice(0, depth), units });
      });
    }
  }
  return [...folders]
    .map(([path, { above, units }]) => ({
      path,
      above,
      groups: [...units.keys()],
      mostSaved: [...units.values()].reduce((sum, count) => sum + Math.max(count - 1, 0), 0),
    }))
    .sort((one, other) => other.mostSaved - one.mostSaved || other.path.length - one.path.length);
}

/** `/a/b/` lies in `/a/`: both, the widest first. */
function chainOf(folder: string): readonly string[] {
  const chain: string[] = [];
  for (let slash = folder.indexOf("/", 1); slash >= 0; slash = folder.indexOf("/", slash + 1)) {
    if (chain.length === deepest || slash >= maximumFolderCharacters) break;
    chain.push(folder.slice(0, slash + 1));
  }
  return chain;
}
