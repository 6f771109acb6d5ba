import { quota, type Strategy } from "./replay.ts";
import type { Shop } from "./shop.ts";

/**
 * One purge for each URL of each image, until the month's budget is used up, as code does that calls ImageKit itself.
 * Without duplicates, a change is purged once, however often the call about it is made.
 */
export function onePerUrl(shop: Shop, { withDuplicates }: { readonly withDuplicates: boolean }): Strategy {
  let left = quota;
  return {
    call: async ({ images }, repeat) => {
      if (repeat > 0 && !withDuplicates) return { purged: [], units: 0, isRefused: false };
      const urls = images.flatMap(shop.urlsOf);
      const purged = urls.slice(0, left);
      left -= purged.length;
      return { purged, units: urls.length, isRefused: purged.length < urls.length };
    },
    unfinished: async () => new Set(),
  };
}
