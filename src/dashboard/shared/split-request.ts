import type { NamedTargets, PlannedTarget, RequestPlan } from "../../planning/request-plan.ts";
import { maximumLines, maximumPurges } from "../../rules/limits.ts";

/** One of several batches that a request is split into. */
export type Part = Pick<NamedTargets, "urls" | "images"> & {
  /** The lines of the request that it clears, or helps to clear. */
  readonly lines: readonly number[];
};

/**
 * Splits what was planned into as few batches as fit in order: the URLs of an image stay together. What several lines
 * need is submitted once. The wildcards of covers come first, and the lines that they clear are left out: where
 * they clear only some URLs of an image, the others are submitted as URLs.
 */
export function splitRequest(
  { lines, targets }: RequestPlan,
  { mayUseWildcards }: { readonly mayUseWildcards: boolean },
): readonly Part[] {
  const covering = targets.filter(({ cover }) => cover !== undefined).map(coverPart);
  const own = lines.flatMap((line): readonly Sized[] => {
    const { input } = line;
    if (line.verdict === "accepted") return [{ urls: [input], images: [], lines: [line.line], purges: 1 }];
    if (line.verdict !== "image") return [];
    const accepted = line.targets.filter(({ verdict }) => verdict === "accepted");
    if (accepted.length === 0) return [];
    // Most URLs of an image are wildcards, which a caller without that scope can only name by the image.
    const isNamable = mayUseWildcards || accepted.every(({ kind }) => kind === "exact");
    const isWhole = accepted.length === line.targets.length || !isNamable;
    return isWhole
      ? [{ urls: [], images: [input], lines: [line.line], purges: line.targets.length }]
      : [{ urls: accepted.map(({ url }) => url), images: [], lines: [line.line], purges: accepted.length }];
  });
  return pack([...covering, ...own]);
}

type Sized = Part & { readonly purges: number };

function coverPart({ url, lines }: PlannedTarget): Sized {
  return { urls: [url], images: [], lines, purges: 1 };
}

function pack(pieces: readonly Sized[]): readonly Part[] {
  const parts: Sized[] = [];
  for (const piece of pieces) {
    const latest = parts.at(-1);
    const joined = latest && merge(latest, piece);
    if (joined === undefined || !fits(joined)) parts.push(piece);
    else parts[parts.length - 1] = joined;
  }
  return parts;
}

function merge(one: Sized, other: Sized): Sized {
  return {
    urls: [...one.urls, ...other.urls],
    images: [...one.images, ...other.images],
    lines: [...one.lines, ...other.lines],
    purges: one.purges + other.purges,
  };
}

function fits({ urls, images, purges }: Sized): boolean {
  return urls.length + images.length <= maximumLines && purges <= maximumPurges;
}
