/** A shop whose pages show every image in the same variants. */
export type Shop = {
  readonly endpoint: string;
  readonly transformations: readonly string[];
  readonly categories: readonly Category[];
  readonly banners: readonly string[];
  /** Every URL under which pages show an image. */
  readonly urlsOf: (image: string) => readonly string[];
};

export type Category = {
  readonly folder: string;
  /** The images of each product. */
  readonly products: readonly (readonly string[])[];
};

export type ShopSize = {
  readonly categories: number;
  readonly products: number;
  /** How many path transformations its pages use, up to 8. */
  readonly transformations: number;
};

const nouns =
  "boots shoes bags belts hats scarves gloves jackets coats shirts trousers dresses skirts socks watches rings glasses wallets umbrellas sandals";
const shots = ["front", "back", "side", "detail", "worn"] as const;
const transformations = [
  "tr:w-160",
  "tr:w-320",
  "tr:w-640",
  "tr:w-750",
  "tr:w-1080",
  "tr:w-1920",
  "tr:w-400,h-400,fo-auto",
  "tr:n-zoom",
] as const;
/** Besides path transformations, pages show each image as it is, resized by the query, and in a version. */
const queries = ["", "?tr=w-96", "?updatedAt=1790000000"] as const;

export function makeShop(size: ShopSize): Shop {
  const endpoint = "https://ik.imagekit.io/demo";
  const names = nouns.split(" ");
  const used = transformations.slice(0, size.transformations);
  const categories = Array.from({ length: size.categories }, (_, index): Category => {
    const round = Math.floor(index / names.length);
    const folder = `/products/${names[index % names.length]}${round === 0 ? "" : `-${round + 1}`}/`;
    const products = Array.from({ length: size.products }, (__, product) =>
      shots.map((shot) => `${folder}${String(1_000 + product * 7)}-${shot}.jpg`),
    );
    return { folder, products };
  });
  return {
    endpoint,
    transformations: used,
    categories,
    banners: Array.from({ length: 12 }, (_, index) => `/banners/winter-sale/banner-${index + 1}.jpg`),
    urlsOf: (image) => [
      ...queries.map((query) => `${endpoint}${image}${query}`),
      ...used.map((transformation) => `${endpoint}/${transformation}${image}`),
    ],
  };
}

export function imagesOf({ categories, banners }: Shop): readonly string[] {
  return [...categories.flatMap(({ products }) => products.flat()), ...banners];
}
