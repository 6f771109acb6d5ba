import { isImagePath } from "./image-name.ts";
import type { PlannedLine } from "./planned-line.ts";
import { pluralize } from "./words.ts";

/** Whether the lines of a new request name URLs or images; `automatic`: each line shows it itself. */
export const namings = ["automatic", "urls", "images"] as const;

export type Naming = (typeof namings)[number];

export type NamedLines = {
  readonly urls: readonly string[];
  readonly images: readonly string[];
  /** For each line of a plan, which numbers the URLs first, then the images: its number as typed. */
  readonly places: readonly number[];
};

/**
 * Sorts the lines into URLs and images. Automatically, a path such as `/products/shoe.jpg` names an image, and anything
 * else is a URL, which clears only itself: nothing that costs more than it says happens unasked.
 */
export function nameLines(lines: readonly string[], naming: Naming): NamedLines {
  const isImage = (text: string) => naming === "images" || (naming === "automatic" && isImagePath(text));
  const numbered = lines.map((text, index) => ({ text, place: index + 1 }));
  const urls = numbered.filter(({ text }) => !isImage(text));
  const images = numbered.filter(({ text }) => isImage(text));
  return {
    urls: urls.map(({ text }) => text),
    images: images.map(({ text }) => text),
    places: [...urls, ...images].map(({ place }) => place),
  };
}

/** The lines of a plan in the order in which they were typed, and numbered so. */
export function inTypedOrder(
  planned: readonly PlannedLine[],
  { places }: Pick<NamedLines, "places">,
): readonly PlannedLine[] {
  const placeOf = (line: number) => places[line - 1] ?? line;
  return planned
    .map((each): PlannedLine => {
      const line = placeOf(each.line);
      if (each.verdict === "duplicate") return { ...each, line, of: placeOf(each.of) };
      if (each.verdict === "covered" && "by" in each) return { ...each, line, by: placeOf(each.by) };
      if (each.verdict !== "image") return { ...each, line };
      const targets = each.targets.map((target) => {
        if (target.verdict === "duplicate") return { ...target, of: placeOf(target.of) };
        return target.verdict === "covered" && "by" in target
          ? { ...target, by: placeOf(target.by) }
          : target;
      });
      return { ...each, line, targets };
    })
    .sort((one, other) => one.line - other.line);
}

/** What the lines were taken for: `These look like 3 images and 9 URLs.` Empty if the reader has chosen. */
export function guessWords({ urls, images }: NamedLines, naming: Naming): string {
  const count = urls.length + images.length;
  if (naming !== "automatic" || count === 0) return "";
  const ofImages = "is cleared with all its URLs";
  const ofUrls = "clears exactly what it says";
  if (count === 1) {
    return images.length === 1
      ? `This looks like an image: it ${ofImages}.`
      : `This looks like a URL: it ${ofUrls}.`;
  }
  if (urls.length === 0) return `These look like ${pluralize(count, "image")}: each ${ofImages}.`;
  if (images.length === 0) return `These look like ${pluralize(count, "URL")}: each ${ofUrls}.`;
  const both = `${pluralize(images.length, "image")} and ${pluralize(urls.length, "URL")}`;
  return `These look like ${both}: an image ${ofImages}, a URL ${ofUrls}.`;
}
