import { planRequest } from "../../planning/plan-request.ts";
import type { PlanningContext } from "../../planning/request-plan.ts";
import type { NamedLines, Naming } from "./naming.ts";
import { pluralize } from "./words.ts";

/** What it would cost to clear the whole images whose URLs the lines name. */
export type WholeImages = { readonly text: string; readonly button: string };

/** With more lines than this, planning them a second time would take too long. */
const mostLines = 200;

/**
 * Offers to clear the images instead of their URLs: only if every line names an image that has a profile, and if these
 * images have more URLs than the lines name.
 */
export function offerWholeImages(
  { urls, images }: NamedLines,
  naming: Naming,
  context: PlanningContext,
): WholeImages | undefined {
  const isAsked = naming === "automatic" && urls.length > 0 && urls.length + images.length <= mostLines;
  if (!isAsked || context.profiles.length === 0) return undefined;
  const asNamed = planRequest({ urls, images, cover: [] }, context);
  const asImages = planRequest({ urls: [], images: [...urls, ...images], cover: [] }, context);
  const found = asImages.lines.flatMap((line) => (line.verdict === "image" ? [line] : []));
  const isEach = asImages.lines.every(({ verdict }) => verdict === "image" || verdict === "duplicate");
  const isProfiled = found.every(({ profile }) => profile !== undefined);
  const more = asImages.targets.length - asNamed.targets.length;
  if (!isEach || !isProfiled || found.length === 0 || more <= 0) return undefined;
  const what =
    found.length === 1
      ? `The image ${found[0]?.image} has`
      : `These ${pluralize(found.length, "image")} have`;
  const units = pluralize(asImages.targets.length, "unit");
  return {
    text: `${what} ${pluralize(asImages.targets.length, "URL")} on your pages. Clearing all of them costs ${units} instead of ${asNamed.targets.length}.`,
    button: found.length === 1 ? `Clear the whole image for ${units}` : `Clear whole images for ${units}`,
  };
}
