import type { EpochMs } from "../../../src/domain/time.ts";
import { type Random, seededRandom } from "../../../src/local/imagekit/random.ts";
import type { Category, Shop } from "./shop.ts";

/** Images that change at one moment, and what tells the service about it. */
export type Change = {
  readonly at: EpochMs;
  readonly images: readonly string[];
  /**
   * `hook`: a save of one product, whose hook calls at once. `person`: a merchandiser who plans first, and accepts the
   * folders that are offered.
   */
  readonly by: "hook" | "person";
  /** How often the same call is made: a hook may fire twice and more. */
  readonly calls: number;
};

export const monthStart = Date.UTC(2026, 10, 1);
const days = 30;
const day = 86_400_000;
const hour = 3_600_000;
const minute = 60_000;
const daysOfNewPhotos = [5, 12, 19];
const dayOfSale = 14;
const categoriesInSale = 3;

export type Habits = {
  readonly savesADay: number;
  /** Every save changes a single image, and nothing else happens: the month in which least can be shared. */
  readonly onlySingleImages?: boolean;
  readonly seed: number;
};

/** A month of this shop, in the order of time: the same for the same seed. */
export function monthOf(
  shop: Shop,
  { savesADay, onlySingleImages = false, seed }: Habits,
): readonly Change[] {
  const random = seededRandom(seed);
  const changes: Change[] = [];
  for (let date = 0; date < days; date += 1) {
    const midnight = monthStart + date * day;
    for (let count = 0; count < savesADay; count += 1) {
      const at = midnight + 8 * hour + Math.floor(random() * 10 * hour);
      const saves = savesOf(pick(shop.categories, random), at, random);
      const single = saves.map((save) => ({ ...save, images: save.images.slice(0, 1) }));
      changes.push(...(onlySingleImages ? single : saves));
    }
    if (onlySingleImages) continue;
    if (daysOfNewPhotos.includes(date)) {
      const images = pick(shop.categories, random).products.flat();
      changes.push({ at: midnight + 7 * hour, images, by: "person", calls: 1 });
    }
    if (date === dayOfSale) changes.push(saleOf(shop, midnight + 6 * hour, random));
  }
  return changes.sort((one, other) => one.at - other.at);
}

/** A product is saved with one, some or all of its images new; every fourth time once more, minutes later. */
function savesOf({ products }: Category, at: EpochMs, random: Random): readonly Change[] {
  const product = pick(products, random);
  const kind = random();
  const count = kind < 0.3 ? 1 : kind < 0.6 ? 2 + Math.floor(random() * 2) : product.length;
  const first = Math.floor(random() * (product.length - count + 1));
  const images = product.slice(first, first + count);
  const again = random() < 0.25 ? [at + (2 + Math.floor(random() * 8)) * minute] : [];
  return [at, ...again].map((time) => ({ at: time, images, by: "hook", calls: callsOf(random) }));
}

function callsOf(random: Random): number {
  const kind = random();
  return kind < 0.6 ? 1 : kind < 0.9 ? 2 : 4;
}

/** The banners, and the first image of every product in three categories, which gets a badge. */
function saleOf(shop: Shop, at: EpochMs, random: Random): Change {
  const chosen = Array.from({ length: categoriesInSale }, () => pick(shop.categories, random));
  const badged = chosen.flatMap(({ products }) => products.map(([front = ""]) => front));
  return { at, images: [...new Set([...shop.banners, ...badged])], by: "person", calls: 1 };
}

function pick<T>(all: readonly T[], random: Random): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}
