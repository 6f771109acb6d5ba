import type { ImageChanges } from "./changed-images.ts";
import type { LeftImage, Outcome } from "./purge-images.ts";

/** What a deploy's log and its summary in Netlify's UI say. */
export type Report = { readonly summary: string; readonly details: readonly string[] };

function countImages(count: number): string {
  return count === 1 ? "1 image" : `${count.toLocaleString("en")} images`;
}

/** One a line, all of them: what is not named here is named nowhere. */
function nameImages(images: readonly LeftImage[]): readonly string[] {
  return images.map(({ image, why }) => (why === undefined ? `  ${image}` : `  ${image}: ${why}`));
}

export function describeChanges({ changed, gone }: ImageChanges): string {
  return `${countImages(changed.length)} changed, ${countImages(gone.length)} gone`;
}

/** What became of the images, and what a person can do about those that were left. */
export function describeOutcome(
  outcome: Outcome,
  about: { readonly images: readonly string[]; readonly maxUnits: number; readonly deskUrl: string },
): Report {
  const all = about.images.map((image) => ({ image }));
  switch (outcome.end) {
    case "dry-run":
      return {
        summary: `Dry run: purging ${countImages(all.length - outcome.left.length)} would cost ${units(outcome.units)}; nothing was purged.`,
        details: [...nameImages(all), ...refused(outcome.left)],
      };
    case "too-expensive":
      return {
        summary: `Nothing was purged: ${countImages(all.length)} would cost ${units(outcome.units)} or more, and maxUnits is ${about.maxUnits}.`,
        details: [
          ...outcome.covers.map(
            ({ prefix, unitsNow, unitsThen }) =>
              `Clearing the folder ${prefix} whole would cost ${units(unitsThen)} instead of ${unitsNow}.`,
          ),
          ...leftover(all),
        ],
      };
    case "purged": {
      const sent = all.length - outcome.left.length;
      return {
        summary: `${countImages(sent)} sent to be purged, for ${units(outcome.units)}.${andLeft(outcome.left)}`,
        details: [...batchesAt(about.deskUrl, outcome.batchIds), ...leftover(outcome.left)],
      };
    }
    case "failed": {
      const sent = all.length - outcome.left.length;
      return {
        summary:
          `Purging failed: ${countImages(sent)} sent, ${countImages(outcome.left.length)} left. ${outcome.why ?? ""}`.trim(),
        details: [...batchesAt(about.deskUrl, outcome.batchIds), ...leftover(outcome.left)],
      };
    }
  }
}

/** The next deploy compares with this one, so nothing but a person purges these. */
export function leftover(images: readonly LeftImage[]): readonly string[] {
  if (images.length === 0) return [];
  return [
    "ImageKit may still serve old copies of these. No later deploy purges them; npx --no-install purge-desk purge --images does:",
    ...nameImages(images),
  ];
}

function refused(images: readonly LeftImage[]): readonly string[] {
  return images.length === 0 ? [] : ["These would be refused:", ...nameImages(images)];
}

function andLeft(left: readonly LeftImage[]): string {
  return left.length === 0 ? "" : ` ${countImages(left.length)} left.`;
}

function units(count: number): string {
  return count === 1 ? "1 unit" : `${count.toLocaleString("en")} units`;
}

function batchesAt(deskUrl: string, batchIds: readonly string[]): readonly string[] {
  return batchIds.map((id) => `${deskUrl.replace(/\/$/, "")}/batches/${id}`);
}
