/** An invented month of a shop, submitted through the API like any other month. */

import type { CallerName, Shop } from "./shop.ts";

type Routine = readonly [as: CallerName, reason: string];

const minuteMs = 60_000;
const dayMs = 86_400_000;
const monthBegins = Date.UTC(2026, 10, 1);

/** 20 November, half past ten in the morning. */
export const today = monthBegins + 19 * dayMs + 10.5 * 60 * minuteMs;

const image = (name: string) => `https://ik.imagekit.io/fjord/${name}`;

const garments = ["parka", "sweater", "jacket", "beanie", "trousers", "vest"];
const colours = ["olive", "rust", "navy", "sand", "black", "moss", "plum"];
const views = ["front", "back", "detail"];
const products = views.flatMap((view) =>
  colours.flatMap((colour) => garments.map((garment) => image(`products/${garment}/${colour}-${view}.jpg`))),
);

/** How the shop's pages build the URLs of their images. */
const endpoints = ["https://ik.imagekit.io/fjord"];
const profiles = [
  ["products", { paths: ["/products/"], endpoints, transformations: ["tr:w-{400,800}", "tr:n-zoom"] }],
  ["home", { paths: ["/home/", "/campaigns/"], endpoints, transformations: ["tr:w-1600"] }],
] as const;

/** Units of each day from the 1st to the 19th, with quiet weekends. */
const daily = [4, 21, 28, 17, 32, 24, 9, 3, 26, 38, 22, 19, 41, 12, 5, 29, 35, 27, 31] as const;

const routine: readonly [Routine, ...Routine[]] = [
  ["storefront", "new product photos"],
  ["cms", "page edited"],
  ["storefront", "image replaced"],
  ["price-import", "price badges redrawn"],
];

/** Nineteen days on which everything went well, after a first request in October. */
export async function passDays(shop: Shop): Promise<void> {
  shop.setTime(monthBegins - 2 * dayMs);
  await shop.submit("maria", { urls: [image("home/hero.jpg")], reason: "a first try" });
  await complete(shop, monthBegins - 2 * dayMs + minuteMs);
  for (const [name, profile] of profiles) await shop.putProfile(name, profile);

  for (const [day, units] of daily.entries()) {
    const morning = monthBegins + day * dayMs + 7 * 60 * minuteMs;
    const [as, reason] = routine[day % routine.length] ?? routine[0];
    shop.setTime(morning);
    const first = (day * 31) % (products.length - units);
    await shop.submit(as, { urls: products.slice(first, first + units), reason });
    await complete(shop, morning + minuteMs);
  }
  await shop.correct({ external: 36, reason: "renames in the media library" });
}

/**
 * The last hour: some purges completed, some pending, one refused by ImageKit, one overdue. Returns the path of a batch
 * with lines of every kind.
 */
export async function passMorning(shop: Shop): Promise<string> {
  const at = (hour: number, minute: number) => monthBegins + 19 * dayMs + (hour * 60 + minute) * minuteMs;
  const { control } = shop.imagekit;

  shop.setTime(at(9, 48));
  await shop.submit("cms", {
    urls: [image("home/hero.jpg"), image("home/hero.jpg?tr=w-800"), image("home/teaser-wool.jpg")],
    reason: "home page: winter hero",
  });
  await complete(shop, at(9, 49));

  shop.setTime(at(10, 4));
  await shop.submit("storefront", {
    urls: [image("products/jacket/size-chart.png")],
    reason: "image replaced",
  });
  for (let minute = 5; minute < 27; minute += 3) {
    shop.setTime(at(10, minute));
    await shop.sweep();
  }

  shop.setTime(at(10, 27));
  const vest = image("products/vest/plum-front.jpg");
  await shop.submit("storefront", { urls: [vest], reason: "new product photos" });

  shop.setTime(at(10, 28));
  control.addFaults({ endpoint: "send", kind: 400, urlContains: "poster.pdf" });
  const batch = await shop.submit("maria", {
    urls: [
      image("products/beanie/rust-front.jpg"),
      image("products/beanie/rust-front.jpg?tr=w-400"),
      image("campaigns/advent/*"),
      image("campaigns/advent/door-24.jpg"),
      image("campaigns/poster.pdf"),
      vest,
      image("products/beanie/rust-back.jpg"),
    ],
    images: ["/products/parka/plum-back.jpg"],
    changedAt: new Date(at(10, 20)).toISOString(),
    reason: "advent campaign",
  });
  await complete(shop, at(10, 29), (url) => /rust-front|advent|parka/.test(url));
  // What the CDN serves by then.
  shop.setTime(at(10, 30));
  await shop.sweep();

  shop.setTime(today);
  await shop.submit("cms", { urls: [image("gifts/hero.jpg")], reason: "page edited" });
  return batch;
}

/** Lets ImageKit complete the pending purges whose URL fits; the sweep then learns of it. */
async function complete(shop: Shop, at: number, fits: (url: string) => boolean = () => true): Promise<void> {
  shop.setTime(at);
  for (const url of shop.imagekit.control.byUrl().keys()) if (fits(url)) shop.imagekit.control.complete(url);
  await shop.sweep();
}
