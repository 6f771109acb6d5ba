import { type Branch, branchesOf } from "./branches.ts";
import type { FindCertainPrefix } from "./certain-prefix.ts";
import { membersWithin, type Range, type TargetGroup } from "./target-groups.ts";

/** A wildcard that clears several targets of a group at once. */
export type SharedWildcard = { readonly prefix: string; readonly members: Range };

/**
 * The wildcards within a folder that, with the targets they do not clear, are the fewest that clear everything.
 *
 * Seen as a tree of texts, a prefix that ends between a branch and the one above clears all that this branch has, and
 * every branch has at least two targets. So the uppermost branch with a certain prefix is worth a wildcard, always; its
 * longest one clears least else; and a branch without one costs what is below it. A target that no other shares a
 * wildcard with is cheapest, and narrowest, as it is.
 */
export function shareWildcards<T>(
  group: TargetGroup<T>,
  folder: string,
  findCertainPrefix: FindCertainPrefix,
): readonly SharedWildcard[] {
  const { root, stack, members, texts, common } = group;
  const found: SharedWildcard[] = [];
  const open: { readonly branch: Branch; readonly shortest: number }[] = [];
  const uppermost = branchesOf(common, membersWithin(group, folder));
  if (uppermost !== undefined) open.push({ branch: uppermost, shortest: root.length + folder.length });

  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { length, from, to, branches } = next.branch;
    const shortest = Math.max(next.shortest, members[from]?.stackEnd ?? 0);
    const text = texts[from] ?? "";
    const certain =
      shortest > length ? undefined : findCertainPrefix({ text, stack, shortest, longest: length });
    if (certain !== undefined && "prefix" in certain) {
      found.push({ prefix: certain.prefix, members: { from, to } });
    } else if (certain?.none !== "hereAndBelow") {
      for (const branch of branches) open.push({ branch, shortest: length + 1 });
    }
  }
  return found;
}
