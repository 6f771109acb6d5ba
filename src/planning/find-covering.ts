import type { Target } from "../rules/target.ts";

/**
 * Whether purging `wildcard` clears all that `other` would: `other` begins with what stands before the `*`, and
 * has no path transformation that the wildcard lacks, for those persist (documented). Query transformations
 * are cleared. Schemes and hosts are separate, since aliases are undocumented.
 */
export function covers(wildcard: Target, other: Target): boolean {
  return (
    wildcard.kind === "wildcard" &&
    other.prefix.startsWith(wildcard.prefix) &&
    other.pathTransformations === wildcard.pathTransformations
  );
}

/**
 * For each target that a wildcard among `targets` covers, the widest such wildcard, which nothing covers in
 * turn. URLs are expected once each. Sorted, all that begin with a prefix follow it, so one pass is enough.
 */
export function findCovering(targets: readonly Target[]): ReadonlyMap<string, Target> {
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
