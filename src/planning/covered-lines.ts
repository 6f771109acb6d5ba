import type { Target } from "../rules/target.ts";

/**
 * Whether purging `wildcard` clears everything that `other` would: `other` begins with the part before the `*`, and has
 * no path transformation that the wildcard lacks, because those stay cached (documented). Query transformations are
 * cleared. Schemes and hosts are kept apart, because aliases are undocumented.
 */
export function covers(wildcard: Target, other: Target): boolean {
  return (
    wildcard.kind === "wildcard" &&
    other.prefix.startsWith(wildcard.prefix) &&
    other.pathTransformations === wildcard.pathTransformations
  );
}

/**
 * The widest wildcard for each covered target, by the target's URL; no other wildcard covers that one. `targets` has
 * each URL once. One pass is enough: when sorted, everything that begins with a prefix follows it.
 */
export function findCoveringWildcards(targets: readonly Target[]): ReadonlyMap<string, Target> {
  const coveredBy = new Map<string, Target>();
  let widest: Target | undefined;
  for (const target of [...targets].sort(byTransformationsThenPrefix)) {
    if (widest !== undefined && covers(widest, target)) coveredBy.set(target.url, widest);
    else if (target.kind === "wildcard") widest = target;
  }
  return coveredBy;
}

function byTransformationsThenPrefix(one: Target, other: Target): number {
  if (one.pathTransformations !== other.pathTransformations) {
    return one.pathTransformations - other.pathTransformations;
  }
  if (one.prefix !== other.prefix) return one.prefix < other.prefix ? -1 : 1;
  return one.kind === other.kind ? 0 : one.kind === "wildcard" ? -1 : 1;
}
