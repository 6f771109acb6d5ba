import { checkedUrl } from "../../rules/checked-url.ts";
import { findDoubts } from "../../rules/doubt.ts";
import { findUrls } from "../../rules/find-urls.ts";
import { foreignUrls } from "../../rules/foreign-urls.ts";
import { endsInKnownFile } from "../../rules/image-file.ts";
import { mistakes } from "../../rules/mistakes.ts";
import { nameByPath } from "../../rules/name-image.ts";
import { partsOfPath } from "../../rules/path.ts";
import { matchEndpoint, type UrlEndpoint } from "../../rules/url-endpoint.ts";
import { checkTransformation } from "../check-transformation.ts";
import { findRequests } from "./access-log.ts";
import type { IgnoredCounter } from "./ignored.ts";

/** One way in which a page shows an image. */
export type Usage = {
  /** `https://ik.imagekit.io/demo`. */
  readonly endpoint: string;
  /** The path of the original after the endpoint. */
  readonly image: string;
  /** The path transformation; absent where the page shows the original, perhaps with `?tr=`. */
  readonly transformation?: string | undefined;
  /** How often it was found. */
  readonly count: number;
};

const reasons = {
  foreign: "Not under a configured URL endpoint.",
  otherEndpoint: "At ImageKit, but not under a configured URL endpoint. Configure it if it is yours.",
  noFile: "Names no file.",
  template: "Has a placeholder in place of a name.",
  noImage: "Not an image, a video or a PDF.",
  behindFile: "The path transformation stands behind the file. Purge such a URL by naming it.",
  furtherOn:
    "The path transformation does not stand right after the URL endpoint. If it always follows the same folder, configure " +
    "the URL endpoint with that folder.",
  several: "Several path transformations follow one another as segments. Purge such a URL by naming it.",
  suffix: "Made from a video (ik-thumbnail.jpg and the like). Purge such a URL by naming it.",
  seo: "An ik-seo name, which the original's purge does not clear. Purge such a URL by naming it.",
  unsound: "A profile cannot have the path transformation.",
} as const;

/** No profile can have this many, and checking each takes most of the time. */
const mostTransformations = 1_000;

/** The images of a text's URLs under these endpoints, and what pages make of them. */
export function readUsages(
  text: string,
  endpoints: readonly UrlEndpoint[],
  ignored: IgnoredCounter,
): readonly Usage[] {
  const found = findUrls(text, endpoints);
  for (const url of foreignUrls(text, found)) {
    ignored.add(/^https?:\/\/ik\.imagekit\.io\//iu.test(url) ? reasons.otherEndpoint : reasons.foreign, url);
  }
  const counts = new Map<string, number>();
  for (const { url } of found) counts.set(url, (counts.get(url) ?? 0) + 1);
  for (const url of findRequests(text, endpoints)) counts.set(url, (counts.get(url) ?? 0) + 1);

  const soundness = new Map<string, boolean>();
  const isSound = (transformation: string) => {
    const known = soundness.get(transformation);
    if (known !== undefined) return known;
    if (soundness.size >= mostTransformations) return false;
    const sound = "transformation" in checkTransformation(transformation);
    soundness.set(transformation, sound);
    return sound;
  };
  const usages: Usage[] = [];
  for (const [url, count] of counts) {
    const reading = readUsage(url, endpoints, isSound);
    if (typeof reading === "string") ignored.add(reasons[reading], url, count);
    else usages.push({ ...reading, count });
  }
  return usages;
}

function readUsage(
  url: string,
  endpoints: readonly UrlEndpoint[],
  isSound: (transformation: string) => boolean,
): Omit<Usage, "count"> | keyof typeof reasons {
  const [, scheme = "", host = "", path = ""] = /^(https?):\/\/([^/?#]*)([^?#]*)/u.exec(url) ?? [];
  const known = matchEndpoint(host, path, endpoints);
  const endpoint = `${scheme}://${host}${known?.path ?? ""}`;
  const after = path.slice(known?.path.length ?? 0);
  const naming = nameByPath(after.replace(/\*$/u, ""));
  if (known === undefined || !("name" in naming)) return "noFile";
  const { path: image, given } = naming.name;
  const checked = checkedUrl({ kind: "exact", endpoint, path: given, query: "" });
  if (findDoubts(mistakes, checked, given).length > 0) return "template";
  if (/\.[a-z]\w{0,5}$/iu.test(image) && !endsInKnownFile(image)) return "noImage";

  const { plain, transformations } = partsOfPath(given);
  if (plain !== image) return "seo";
  const [transformation, ...others] = transformations;
  if (transformation === undefined) return { endpoint, image };
  if (!/^tr(?::|%3a)/iu.test(transformations.at(-1) ?? "")) return "suffix";
  if (others.length > 0) return "several";
  if (given.endsWith(`/${transformation}`)) return "behindFile";
  if (given !== `/${transformation}${image}`) return "furtherOn";
  return isSound(transformation) ? { endpoint, image, transformation } : "unsound";
}
