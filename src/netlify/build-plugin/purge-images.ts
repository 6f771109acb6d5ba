import { type Batch, type Plan, type PurgeDesk, PurgeDeskError } from "../../client/client.ts";

/** An image of which no purge was recorded, and why if the reason is its own. */
export type LeftImage = { readonly image: string; readonly why?: string | undefined };

export type Outcome =
  /** It would cost this; `left` would not be purged. */
  | { readonly end: "dry-run"; readonly units: number; readonly left: readonly LeftImage[] }
  /** It would cost this or more, which is above the limit: nothing was purged. */
  | { readonly end: "too-expensive"; readonly units: number; readonly covers: Plan["covers"] }
  | {
      readonly end: "purged" | "failed";
      readonly units: number;
      readonly batchIds: readonly string[];
      readonly left: readonly LeftImage[];
      /** Why it failed. */
      readonly why?: string;
    };

type Options = {
  readonly maxUnits: number;
  readonly dryRun: boolean;
  /** One for each deploy, so that nothing is paid twice if the same is sent again. */
  readonly key: string;
  readonly reason: string;
};

/** A location that ImageKit takes images from may still serve the old file for a moment after a deploy. */
const settleSeconds = 30;
/** As many lines as a plan takes. */
const maximumPlanned = 1_000;

/**
 * Plans the purges of these images, which costs nothing, and submits them if they cost at most `maxUnits`. It does not wait
 * until they complete. Never throws.
 */
export async function purgeImages(
  connect: () => PurgeDesk,
  images: readonly string[],
  { maxUnits, dryRun, key, reason }: Options,
): Promise<Outcome> {
  const left = new Map<string, LeftImage>(images.map((image) => [image, { image }]));
  const batches: Batch[] = [];
  const nameOf = new Map<string, string>();
  const settle = (accepted: readonly Batch[]) => {
    batches.push(...accepted);
    for (const { image } of accepted.flatMap(imageLinesOf)) left.delete(nameOf.get(image) ?? image);
  };
  const ended = (end: "purged" | "failed") => {
    return { end, units: sum(batches), batchIds: batches.map(({ id }) => id), left: [...left.values()] };
  };
  try {
    const desk = connect();
    const plans: Plan[] = [];
    const parts: string[][] = [];
    for (const part of chunks(images, maximumPlanned)) {
      const plan = await desk.plan({ images: part, onInvalid: "skip" });
      plans.push(plan);
      if (sum(plans) > maxUnits) {
        return { end: "too-expensive", units: sum(plans), covers: plans.flatMap(({ covers }) => covers) };
      }
      parts.push([]);
      for (const line of plan.lines) {
        const given = part[line.line - 1] ?? line.input;
        if (line.verdict === "rejected") left.set(given, { image: given, why: firstWords(line.violations) });
        else parts.at(-1)?.push(given);
        if (line.verdict === "image") nameOf.set(line.image, given);
      }
    }
    if (dryRun)
      return { end: "dry-run", units: sum(plans), left: [...left.values()].filter(({ why }) => why) };
    for (const [index, part] of parts.entries()) {
      if (part.length === 0) continue;
      const request = { images: part, onInvalid: "skip", reason, settleSeconds } as const;
      const submitted = await desk.purge(request, { key: `${key}.${index + 1}` });
      settle(submitted.batches);
    }
    return ended("purged");
  } catch (error) {
    if (error instanceof PurgeDeskError) settle(error.batches);
    return { ...ended("failed"), why: error instanceof Error ? error.message : String(error) };
  }
}

function imageLinesOf({ lines }: Batch) {
  return lines.flatMap((line) => (line.verdict === "image" ? [line] : []));
}

function sum(costs: readonly { readonly units: number }[]): number {
  return costs.reduce((total, { units }) => total + units, 0);
}

function firstWords(violations: readonly { readonly message: string }[]): string {
  return violations[0]?.message ?? "Purge Desk refuses it";
}

function chunks(images: readonly string[], size: number): readonly (readonly string[])[] {
  const count = Math.ceil(images.length / size);
  return Array.from({ length: count }, (_, index) => images.slice(index * size, (index + 1) * size));
}
