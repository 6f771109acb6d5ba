import type { Publication } from "./await-live.ts";
import type { ImageChanges } from "./changed-images.ts";
import type { ImageManifest } from "./image-manifest.ts";
import type { LiveManifest } from "./live-manifest.ts";
import { type Outcome, type Planned, type RefusedImage, settleSeconds } from "./purge-images.ts";

/** What a deploy's log and its summary in Netlify's UI say. */
export type Report = { readonly summary: string; readonly details: readonly string[] };

function countImages(count: number): string {
  return count === 1 ? "1 image" : `${count.toLocaleString("en")} images`;
}

export function describeChanges({ changed, gone }: ImageChanges): string {
  return `${countImages(changed.length)} changed, ${countImages(gone.length)} gone`;
}

/** What is watched. A misspelt folder would else only show as a deploy that never changes an image. */
export function describeSelection(
  { images }: ImageManifest,
  { folder }: { readonly folder: string },
): readonly string[] {
  const count = Object.keys(images).length;
  const hint = count === 0 ? " Are the inputs folder and extensions right?" : "";
  return [`Purge Desk: this deploy has ${countImages(count)} below ${folder}.${hint}`];
}

/** Why this deploy has nothing to compare with. */
export function describeWithoutComparison(live: Exclude<LiveManifest, { found: "manifest" }>): Report {
  const none = "Nothing is purged: no manifest of images is live yet.";
  switch (live.found) {
    case "none":
      return {
        summary: none,
        details: ["This deploy publishes one; the next one is compared with it."],
      };
    case "page":
      return {
        summary: none,
        details: [
          `${live.url} answers with a page. This deploy publishes a manifest there, with which the next one is compared.`,
          "If the next one says the same, a redirect or a function answers instead: exclude this address from it.",
        ],
      };
    case "unreadable":
      return {
        summary: "Nothing is purged: what is live cannot be compared with.",
        details: [`${live.why}. Purge by hand what this deploy changes.`],
      };
  }
}

/** Why these images were left although the deploy succeeded. */
export function describeUnpublished(
  published: Exclude<Publication, { state: "live" }>,
  images: readonly string[],
): Report {
  const left = leftover(images);
  switch (published.state) {
    case "not-yet":
      return {
        summary: "Nothing was purged: this deploy is not the one that is live.",
        details: [
          "Auto publishing is locked, or this build is published later: netlify deploy --prod builds, publishes and purges, but netlify build does not publish.",
          ...left,
        ],
      };
    case "other":
      return {
        summary: `Nothing was purged: ${published.why}, so the comparison is void.`,
        details: left,
      };
    case "unreadable":
      return { summary: `Nothing was purged: ${published.why}.`, details: left };
  }
}

/** What is about to be purged. If the build is killed from here on, this is all that its log says. */
export function describePlanned({ images, units: cost }: Planned): readonly string[] {
  if (images.length === 0) return [];
  return [`Purge Desk: purging ${countImages(images.length)} for ${units(cost)}:`, ...indent(images)];
}

/** What became of the images, and what a person can do about those that were left. */
export function describeOutcome(
  outcome: Outcome,
  about: { readonly images: readonly string[]; readonly maxUnits: number; readonly deskUrl: string },
): Report {
  const { refused } = outcome;
  const andRefused = refused.length === 0 ? "" : ` ${countImages(refused.length)} refused.`;
  switch (outcome.end) {
    case "dry-run":
      return {
        summary: `Dry run: purging ${countImages(outcome.images.length)} would cost ${units(outcome.units)}; nothing was purged.${andRefused}`,
        details: [...indent(outcome.images), ...nameRefused(refused)],
      };
    case "too-expensive":
      return {
        summary: `Nothing was purged: ${countImages(about.images.length)} would cost ${units(outcome.units)} or more, and maxUnits is ${about.maxUnits}.`,
        details: [
          ...outcome.covers.map(
            ({ prefix, unitsNow, unitsThen }) =>
              `Clearing the folder ${prefix} whole would cost ${units(unitsThen)} instead of ${unitsNow}.`,
          ),
          ...nameRefused(refused),
          ...leftover(outcome.left),
        ],
      };
    case "purged": {
      const sent = about.images.length - refused.length;
      return {
        summary:
          sent === 0
            ? `Nothing was purged:${andRefused}`
            : `${countImages(sent)} sent to be purged, for ${units(outcome.units)}.${andRefused}`,
        details: [...batchesAt(about.deskUrl, outcome.batchIds), ...nameRefused(refused)],
      };
    }
    case "failed": {
      const sent = about.images.length - refused.length - outcome.left.length;
      return {
        summary:
          `Purging failed: ${countImages(sent)} sent, ${countImages(outcome.left.length)} left.${andRefused} ${outcome.why ?? ""}`.trim(),
        details: [
          ...batchesAt(about.deskUrl, outcome.batchIds),
          ...nameRefused(refused),
          ...leftover(outcome.left),
        ],
      };
    }
  }
}

/** The next deploy compares with this one, so nothing but a person purges these. */
function leftover(images: readonly string[]): readonly string[] {
  if (images.length === 0) return [];
  return [
    "ImageKit may still serve old copies of these. No later deploy purges them; npx --no-install purge-desk purge --images does:",
    ...indent(images),
  ];
}

function nameRefused(refused: readonly RefusedImage[]): readonly string[] {
  if (refused.length === 0) return [];
  return [
    "Purge Desk refuses these, so ImageKit may still serve old copies of them:",
    ...indent(refused.map(({ image, why }) => `${image}: ${why}`)),
  ];
}

/** One a line, all of them: what is not named here is named nowhere. */
function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function units(count: number): string {
  return count === 1 ? "1 unit" : `${count.toLocaleString("en")} units`;
}

/** Where to see what is decided only after the deploy's log has ended. */
function batchesAt(deskUrl: string, batchIds: readonly string[]): readonly string[] {
  if (batchIds.length === 0) return [];
  return [
    `ImageKit gets these purges ${settleSeconds} seconds after the deploy, too late for this log. See what became of them here:`,
    ...indent(batchIds.map((id) => `${deskUrl.replace(/\/$/, "")}/batches/${id}`)),
    `or run: npx --no-install purge-desk wait ${batchIds.join(" ")}`,
  ];
}
