import type { CoverOffer, PlannedTarget, PlanningContext, RequestPlan } from "../request-plan.ts";
import { certainPrefixes, type FindCertainPrefix } from "./certain-prefix.ts";
import { foldersOf } from "./folders.ts";
import { shareWildcards } from "./share-wildcards.ts";
import { groupTargets, membersWithin, type TargetGroup } from "./target-groups.ts";

const maximumOffers = 20;

/**
 * The folders that would save units if they could be cleared whole, best saving first, at most 20. No folder is offered
 * that saves no more than one within it. `isJoined`: whether a target joins a purge, and so costs nothing.
 */
export function offerCovers(
  { targets }: Pick<RequestPlan, "targets">,
  { endpoints }: Pick<PlanningContext, "endpoints">,
  isJoined: (url: string) => boolean,
): readonly CoverOffer[] {
  const costs = ({ url }: PlannedTarget) => !isJoined(url);
  const findCertainPrefix = certainPrefixes(endpoints);
  const offers: CoverOffer[] = [];
  /** The best saving of the folders within a folder. */
  const savedWithin = new Map<string, number>();
  const isMade = (offer: CoverOffer) => savingOf(offer) > (savedWithin.get(offer.prefix) ?? 0);

  let most = Number.POSITIVE_INFINITY;
  for (const { path, above, groups, mostSaved } of foldersOf(groupTargets(targets, endpoints), costs)) {
    // The folders come in the order of what they save at most: from here on none replaces an offer that saves more.
    if (mostSaved < most) {
      const settled = offers.filter((offer) => savingOf(offer) > mostSaved && isMade(offer));
      if (mostSaved === 0 || settled.length >= maximumOffers) break;
      most = mostSaved;
    }
    const offer = offerOf(path, groups, costs, findCertainPrefix);
    offers.push(offer);
    for (const folder of above) {
      savedWithin.set(folder, Math.max(savingOf(offer), savedWithin.get(folder) ?? 0));
    }
  }
  return offers
    .filter(isMade)
    .sort((one, other) => savingOf(other) - savingOf(one) || other.prefix.length - one.prefix.length)
    .slice(0, maximumOffers);
}

function savingOf({ unitsNow, unitsThen }: CoverOffer): number {
  return unitsNow - unitsThen;
}

function offerOf(
  folder: string,
  groups: readonly TargetGroup<PlannedTarget>[],
  costs: (target: PlannedTarget) => boolean,
  findCertainPrefix: FindCertainPrefix,
): CoverOffer {
  const lines = new Set<number>();
  const wildcards: string[] = [];
  let unitsNow = 0;
  let unitsSaved = 0;
  for (const group of groups) {
    const targetsOf = ({ from, to }: { readonly from: number; readonly to: number }) =>
      group.members.slice(from, to).map(({ target }) => target);
    const within = targetsOf(membersWithin(group, folder));
    for (const target of within) for (const line of target.lines) lines.add(line);
    unitsNow += within.filter(costs).length;
    for (const { prefix, members } of shareWildcards(group, folder, findCertainPrefix)) {
      wildcards.push(`${prefix}*`);
      unitsSaved += targetsOf(members).filter(costs).length - 1;
    }
  }
  return {
    prefix: folder,
    lines: [...lines].sort((one, other) => one - other),
    unitsNow,
    unitsThen: unitsNow - unitsSaved,
    wildcards,
  };
}
