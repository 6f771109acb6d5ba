import { afterAll, beforeAll, expect, test } from "vitest";
import { onePerUrl } from "../bench/shop-month/one-per-url.ts";
import { replay } from "../bench/shop-month/replay.ts";
import { makeShop } from "../bench/shop-month/shop.ts";
import { throughPurgeDesk } from "../bench/shop-month/through-purge-desk.ts";
import { monthOf, monthStart } from "../bench/shop-month/trace.ts";
import { startWorkbench, type Workbench } from "../bench/workbench.ts";

let bench: Workbench;

beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(() => bench.close());

test("no variant of a changed image is served as before once its purges completed, for fewer units than URLs", async () => {
  const shop = makeShop({ categories: 5, products: 8, transformations: 2 });
  const week = monthStart + 7 * 86_400_000;
  const changes = monthOf(shop, { savesADay: 1, seed: 1 }).filter(({ at }) => at < week);
  expect(new Set(changes.map(({ by }) => by)).size).toBe(2);

  const distinct = await replay(shop, changes, onePerUrl(shop, { withDuplicates: false }));
  const ours = await replay(shop, changes, await throughPurgeDesk(bench, shop));
  expect(ours).toMatchObject({ ranOutOn: undefined, staleOncePurged: 0, staleAtTheEnd: 0 });
  expect(ours.units).toBeLessThan(distinct.units / 5);
});

test("a replay notices a variant that is left stale, so that it would notice one that the service forgets", async () => {
  const shop = makeShop({ categories: 1, products: 2, transformations: 2 });
  const changes = monthOf(shop, { savesADay: 1, seed: 1 }).slice(0, 1);
  const images = changes.flatMap((change) => change.images);
  const forgetful = {
    call: async () => ({
      purged: images.map((image) => `${shop.endpoint}${image}*`),
      units: images.length,
      isRefused: false,
    }),
    unfinished: async () => new Set<never>(),
  };
  expect(await replay(shop, changes, forgetful)).toMatchObject({
    staleOncePurged: 2 * images.length,
    staleAtTheEnd: images.length,
  });
});
