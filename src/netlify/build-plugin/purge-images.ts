import { type Batch, type Plan, type PlanLine, type PurgeDesk, PurgeDeskError } from "../../client/client.ts";
import { sentLines } from "./sent-images.ts";

/** An image that the rules refuse, and what to do about it. */
export type RefusedImage = { readonly image: string; readonly why: string };

/** What purging would do, known before anything is spent. */
export type Planned = {
  readonly units: number;
  /** What Purge Desk takes. */
  readonly images: readonly string[];
  readonly refused: readonly RefusedImage[];
};

export type Outcome =
  | ({ readonly end: "dry-run" } & Planned)
  /** It would cost this or more, which is above the limit: nothing was purged. */
  | {
      readonly end: "too-expensive";
      readonly units: number;
      readonly covers: Plan["covers"];
      readonly refused: readonly RefusedImage[];
      /** All the others, planned or not. */
      readonly left: readonly string[];
    }
  | {
      readonly end: "purged" | "failed";
      readonly units: number;
      readonly batchIds: readonly string[];
      readonly refused: readonly RefusedImage[];
      /** Of these no purge is known: the failure was earlier. */
      readonly left: readonly string[];
      /** Why it failed. */
      readonly why?: string;
    };

type Options = {
  readonly maxUnits: number;
  readonly dryRun: boolean;
  /** One for each deploy, so that nothing is paid twice if the same is sent again. */
  readonly key: string;
  readonly reason: string;
  /** Called before anything is spent. */
  readonly onPlanned: (planned: Planned) => void;
};

/** A location that ImageKit takes images from may still serve the old file for a moment after a deploy. */
export const settleSeconds = 30;
/** As many lines as a plan takes. */
const maximumPlanned = 1_000;

/**
 * Plans the purges of these images, which costs nothing, and submits them if they cost at most `maxUnits`. It does not wait
 * until they complete. Never throws.
 */
export async function purgeImages(
  connect: () => PurgeDesk,
  images: readonly string[],
  { maxUnits, dryRun, key, reason, onPlanned }: Options,
): Promise<Outcome> {
  const parts: { readonly plan: Plan; readonly images: readonly string[] }[] = [];
  const refused = new Map<string, string>();
  const batches: Batch[] = [];
  const refusedImages = () => [...refused].map(([image, why]) => ({ image, why }));
  const without = (sent: ReadonlySet<string>) =>
    images.filter((each) => !refused.has(each) && !sent.has(each));
  const spent = () => {
    return { units: unitsOf(batches), batchIds: batches.map(({ id }) => id), refused: refusedImages() };
  };
  try {
    const desk = connect();
    for (const part of chunks(images, maximumPlanned)) {
      // A killed build that is built again must submit the same images, although it has purged some of them.
      const repeats = dryRun ? undefined : "allowed";
      const plan = await desk.plan({ images: part, onInvalid: "skip" }, { repeats });
      note(plan.lines, part, refused);
      parts.push({ plan, images: part });
      const units = unitsOf(parts.map((each) => each.plan));
      if (units > maxUnits) {
        const covers = parts.flatMap((each) => each.plan.covers);
        return { end: "too-expensive", units, covers, refused: refusedImages(), left: without(new Set()) };
      }
    }
    const units = unitsOf(parts.map(({ plan }) => plan));
    const planned = { units, images: without(new Set()), refused: refusedImages() };
    if (dryRun) return { end: "dry-run", ...planned };
    onPlanned(planned);
    for (const [index, part] of parts.entries()) {
      const accepted = part.images.filter((image) => !refused.has(image));
      if (accepted.length === 0) continue;
      const request = { images: accepted, onInvalid: "skip", reason, settleSeconds } as const;
      const submission = await desk.purge(request, { key: `${key}.${index + 1}` }).catch(allRefused);
      batches.push(...submission.batches);
      note(submission.rejected, accepted, refused);
    }
    for (const part of parts) noteUnsent(batches, part, refused);
    return { end: "purged", ...spent(), left: [] };
  } catch (error) {
    if (error instanceof PurgeDeskError) batches.push(...error.batches);
    const sent = parts.flatMap((part) => {
      const lines = sentLines(batches, part.plan);
      return part.images.filter((_, index) => lines.has(index + 1));
    });
    const why = error instanceof Error ? error.message : String(error);
    return { end: "failed", ...spent(), left: without(new Set(sent)), why };
  }
}

/** A submission of which every line is refused. Throws all other errors. */
function allRefused(error: unknown) {
  if (!(error instanceof PurgeDeskError) || error.code !== "invalid-urls") throw error;
  const rejected = error.problem?.lines?.filter((line) => typeof line === "object");
  if (rejected === undefined) throw error;
  return { batches: error.batches, rejected };
}

/** Remembers which of these images are refused, and what to do about each. */
function note(lines: readonly PlanLine[], images: readonly string[], refused: Map<string, string>): void {
  for (const line of lines) {
    if (line.verdict !== "rejected") continue;
    const [violation] = line.violations;
    refused.set(images[line.line - 1] ?? line.input, violation?.message ?? "Purge Desk refuses it.");
  }
}

/**
 * An image that a refused one's wildcard would have cleared is neither sent nor refused by name. Neither is one whose URLs are
 * others since the same deploy was built before, because a profile has changed.
 */
function noteUnsent(
  batches: readonly Batch[],
  { plan, images }: { readonly plan: Plan; readonly images: readonly string[] },
  refused: Map<string, string>,
): void {
  const sent = sentLines(batches, plan);
  for (const [index, image] of images.entries()) {
    if (refused.has(image) || sent.has(index + 1)) continue;
    refused.set(
      image,
      "No purge of this deploy clears all of it. If its old copy is still shown, purge it by hand.",
    );
  }
}

function unitsOf(costs: readonly { readonly units: number }[]): number {
  return costs.reduce((total, { units }) => total + units, 0);
}

function chunks(images: readonly string[], size: number): readonly (readonly string[])[] {
  const count = Math.ceil(images.length / size);
  return Array.from({ length: count }, (_, index) => images.slice(index * size, (index + 1) * size));
}
