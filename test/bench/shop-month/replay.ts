import { simulatedCdn } from "../../../src/local/imagekit/simulated-cdn.ts";
import { imagesOf, type Shop } from "./shop.ts";
import { type Change, monthStart } from "./trace.ts";

export const quota = 1_000;

/** One way of purging what changes. */
export type Strategy = {
  /** One call about a change; `repeat` counts from 0. */
  readonly call: (change: Change, repeat: number) => Promise<Called>;
  /** At the end of a day, once ImageKit has said Completed: the changes of which not all purges completed. */
  readonly unfinished: () => Promise<ReadonlySet<Change>>;
};

export type Called = {
  /** What was purged, in order. */
  readonly purged: readonly string[];
  /** What it costs, or would have cost if there had been budget. */
  readonly units: number;
  /** Something was not purged because the budget was used up. */
  readonly isRefused: boolean;
};

export type MonthResult = {
  readonly units: number;
  /** The day of the month, from 1, on which the first purge was refused. */
  readonly ranOutOn: number | undefined;
  /** Changed variants that were still served as before, although all purges of the change completed. */
  readonly staleOncePurged: number;
  /** Images that pages still show as before at the end of the month, because there was no budget. */
  readonly staleAtTheEnd: number;
  /** Copies that were cleared though they showed the present image, counted each time. */
  readonly extra: number;
};

/** Replays a month in front of a CDN that has a copy of every variant and makes a new one of whatever was cleared. */
export async function replay(
  shop: Shop,
  changes: readonly Change[],
  { call, unfinished }: Strategy,
): Promise<MonthResult> {
  const versions = new Map<string, number>();
  const versionOf = (image: string) => versions.get(image) ?? 0;
  let now = monthStart;
  const cdn = simulatedCdn({ endpoint: shop.endpoint, versionOf, now: () => now });
  for (const image of imagesOf(shop)) for (const url of shop.urlsOf(image)) cdn.get(url);
  const staleUrls = (image: string) =>
    shop.urlsOf(image).filter((url) => cdn.get(url).copy.version !== versionOf(image)).length;

  let units = 0;
  let extra = 0;
  let staleOncePurged = 0;
  let ranOutOn: number | undefined;
  const refused = new Set<Change>();
  const latest = new Map<string, Change>();

  async function endDay(images: ReadonlySet<string>): Promise<void> {
    const open = await unfinished();
    for (const image of images) {
      const change = latest.get(image);
      const isPurged = change !== undefined && !refused.has(change) && !open.has(change);
      if (isPurged) staleOncePurged += staleUrls(image);
    }
  }

  let changedToday = new Set<string>();
  for (const change of changes) {
    if (dayOf(change.at) !== dayOf(now)) {
      await endDay(changedToday);
      changedToday = new Set();
    }
    now = change.at;
    for (const image of change.images) {
      versions.set(image, versionOf(image) + 1);
      latest.set(image, change);
      changedToday.add(image);
    }
    for (let repeat = 0; repeat < change.calls; repeat += 1) {
      const called = await call(change, repeat);
      units += called.units;
      if (called.isRefused) {
        refused.add(change);
        ranOutOn ??= dayOf(change.at);
      }
      const cleared = called.purged.flatMap((target) => cdn.purge(target));
      extra += cleared.filter(({ original, version }) => version === versionOf(original)).length;
      for (const { url } of cleared) cdn.get(url);
    }
  }
  await endDay(changedToday);
  const staleAtTheEnd = imagesOf(shop).filter((image) => staleUrls(image) > 0).length;
  return { units, ranOutOn, staleOncePurged, staleAtTheEnd, extra };
}

function dayOf(at: number): number {
  return new Date(at).getUTCDate();
}
