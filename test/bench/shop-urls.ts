const kinds = [
  (name: string) => `https://ik.imagekit.io/demo/catalog/autumn/${name}-front_large.jpg`,
  (name: string) =>
    `https://ik.imagekit.io/demo/tr:w-400,h-400,fo-auto/catalog/autumn/${name}-front_large.jpg`,
  (name: string) => `https://ik.imagekit.io/demo/catalog/autumn/${name}-side.jpg?tr=w-800&ik-obj-version=17`,
  (name: string) =>
    `https://ik.imagekit.io/demo/catalog/private/${name}.jpg?ik-s=0123456789abcdef&ik-t=1795000000`,
] as const;

/** This many different URLs like those of a shop: plain, transformed in path and query, signed. All are accepted. */
export function shopUrls(count: number, series = "shoe"): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length] ?? kinds[0];
    return kind(`${series}-${String(i).padStart(6, "0")}`);
  });
}

/** Lines as a person pastes them: good ones, wildcards with lines that they cover, duplicates, and mistakes. */
export function pastedLines(count: number): readonly string[] {
  return shopUrls(count).map((url, i) => {
    if (i % 20 === 7)
      return `https://ik.imagekit.io/demo/catalog/autumn/shoe-${String(i - 2).padStart(6, "0")}*`;
    if (i % 20 === 11) return `https://ik.imagekit.io/demo-evil/catalog/${i}.jpg`;
    if (i % 20 === 13) return "http//no-url";
    return i % 20 === 17 ? `  ${shopUrls(1)[0]} ` : url;
  });
}
