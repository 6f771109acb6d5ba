import type { Target } from "../rules/target.ts";

/**
 * Whether purging `wildcard` certainly clears everything that `other` would: `other` begins with the part before the
 * `*`, and has the same path transformations, because other ones stay cached (documented). Query transformations are
 * cleared. A wildcard that ImageKit may refuse, or that may reach less, covers nothing: both are sent. Schemes and hosts
 * are kept apart, because aliases are undocumented.
 */
export function covers(wildcard: Target, other: Target): boolean {
  return (
    mayCover(wildcard) &&
    other.prefix.startsWith(wildcard.prefix) &&
    transformationsOf(other) === transformationsOf(wildcard)
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
    else if (mayCover(target)) widest = target;
  }
  return coveredBy;
}

function mayCover({ kind, isDoubtful }: Target): boolean {
  return kind === "wildcard" && !isDoubtful;
}

function transformationsOf({ pathTransformations }: Target): string {
  return pathTransformations.join("/");
}

function byTransformationsThenPrefix(one: Target, other: Target): number {
  return (
    compare(transformationsOf(one), transformationsOf(other)) ||
    compare(one.prefix, other.prefix) ||
    compare(other.kind, one.kind)
  );
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
