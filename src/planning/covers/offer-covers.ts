import type { CoverOffer, PlannedTarget, PlanningContext, RequestPlan } from "../request-plan.ts";
import { certainPrefixes, type FindCertainPrefix } from "./certain-prefix.ts";
import { type Folder, foldersOf } from "./folders.ts";
import { shareWildcards } from "./share-wildcards.ts";
import { groupTargets, membersWithin, type Range, type TargetGroup } from "./target-groups.ts";

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
  const offers: Offer[] = [];
  /** The best saving of the folders within a folder. */
  const savedWithin = new Map<string, number>();
  const isMade = ({ saving, folder }: Offer) => saving > (savedWithin.get(folder.path) ?? 0);

  let most = Number.POSITIVE_INFINITY;
  for (const folder of foldersOf(groupTargets(targets, endpoints), costs)) {
    // The folders come in the order of what they save at most: from here on none replaces an offer that saves more.
    if (folder.mostSaved < most) {
      most = folder.mostSaved;
      const settled = offers.filter((offer) => offer.saving > most && isMade(offer));
      if (most === 0 || settled.length >= maximumOffers) break;
    }
    const offer = offerOf(folder, costs, findCertainPrefix);
    offers.push(offer);
    for (const path of folder.above) {
      savedWithin.set(path, Math.max(offer.saving, savedWithin.get(path) ?? 0));
    }
  }
  return offers
    .filter(isMade)
    .sort((one, other) => other.saving - one.saving || other.folder.path.length - one.folder.path.length)
    .slice(0, maximumOffers)
    .map((offer) => describe(offer, costs));
}

type Offer = {
  readonly folder: Folder<PlannedTarget>;
  readonly wildcards: readonly string[];
  readonly saving: number;
};

function offerOf(
  folder: Folder<PlannedTarget>,
  costs: (target: PlannedTarget) => boolean,
  findCertainPrefix: FindCertainPrefix,
): Offer {
  const wildcards: string[] = [];
  let saving = 0;
  for (const group of folder.groups) {
    for (const { prefix, members } of shareWildcards(group, folder.path, findCertainPrefix)) {
      wildcards.push(`${prefix}*`);
      saving += targetsOf(group, members).filter(costs).length - 1;
    }
  }
  return { folder, wildcards, saving };
}

function describe(
  { folder: { path, groups }, wildcards, saving }: Offer,
  costs: (target: PlannedTarget) => boolean,
): CoverOffer {
  const within = groups.flatMap((group) => targetsOf(group, membersWithin(group, path)));
  const unitsNow = within.filter(costs).length;
  const lines = new Set(within.flatMap((target) => target.lines));
  return {
    prefix: path,
    lines: [...lines].sort((one, other) => one - other),
    unitsNow,
    unitsThen: unitsNow - saving,
    wildcards,
  };
}

function targetsOf<T>({ members }: TargetGroup<T>, { from, to }: Range): readonly T[] {
  return members.slice(from, to).map(({ target }) => target);
}
