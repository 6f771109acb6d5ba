import { maximumLines, maximumPurges } from "../rules/limits.ts";

/** What was planned, as the planner and a plan of the API say it. */
export type SplittablePlan = {
  readonly lines: readonly SplittableLine[];
  /** The wildcards of covers, each with the lines that it clears. */
  readonly covering: readonly { readonly url: string; readonly lines: readonly number[] }[];
};

type SplittableLine = { readonly line: number; readonly input: string } & (
  | { readonly verdict: "accepted" | "joined" | "rejected" | "duplicate" | "covered" }
  | { readonly verdict: "image"; readonly targets: readonly SplittableTarget[] }
);

type SplittableTarget = {
  readonly url: string;
  readonly kind: "exact" | "wildcard";
  readonly verdict: "accepted" | "joined" | "duplicate" | "covered";
};

/** One of several batches that a request is split into. */
export type Part = {
  readonly urls: readonly string[];
  readonly images: readonly string[];
  /** The lines of the request that it clears, or helps to clear. */
  readonly lines: readonly number[];
  /** Of each URL, then of each image: the line that it stands for. Of a cover's wildcard that is the first that it clears. */
  readonly sources: readonly number[];
};

/**
 * Splits what was planned into as few batches as fit in order: the URLs of an image stay together. What several lines
 * need is submitted once. The wildcards of covers come first, and the lines that they clear are left out: where
 * they clear only some URLs of an image, the others are submitted as URLs. What would join another purge is submitted
 * too: whether it joins is decided then.
 */
export function splitRequest(
  { lines, covering }: SplittablePlan,
  { mayUseWildcards }: { readonly mayUseWildcards: boolean },
): readonly Part[] {
  const own = lines.flatMap((line): readonly Piece[] => {
    const { input } = line;
    if (line.verdict !== "image") {
      return isOwn(line) ? [{ urls: [input], images: [], lines: [line.line], purges: 1 }] : [];
    }
    const asked = line.targets.filter(isOwn);
    if (asked.length === 0) return [];
    // Most URLs of an image are wildcards, which a caller without that scope can only name by the image.
    const isNamable = mayUseWildcards || asked.every(({ kind }) => kind === "exact");
    const isWhole = asked.length === line.targets.length || !isNamable;
    return isWhole
      ? [{ urls: [], images: [input], lines: [line.line], purges: line.targets.length }]
      : [{ urls: asked.map(({ url }) => url), images: [], lines: [line.line], purges: asked.length }];
  });
  return pack([...covering.map(coverPart), ...own]);
}

/** What is submitted together: URLs, or one image. */
type Piece = {
  readonly urls: readonly string[];
  readonly images: readonly string[];
  readonly lines: readonly number[];
  readonly purges: number;
};

/** Whether it needs a purge of its own, or joins one that this request did not make. */
function isOwn({ verdict }: { readonly verdict: string }): boolean {
  return verdict === "accepted" || verdict === "joined";
}

function coverPart({ url, lines }: SplittablePlan["covering"][number]): Piece {
  return { urls: [url], images: [], lines, purges: 1 };
}

function pack(pieces: readonly Piece[]): readonly Part[] {
  const parts: Piece[][] = [];
  // What the latest part still takes.
  let lines = 0;
  let purges = 0;
  for (const piece of pieces) {
    const own = piece.urls.length + piece.images.length;
    if (own > lines || piece.purges > purges) {
      parts.push([]);
      lines = maximumLines;
      purges = maximumPurges;
    }
    parts.at(-1)?.push(piece);
    lines -= own;
    purges -= piece.purges;
  }
  return parts.map(partOf);
}

function partOf(pieces: readonly Piece[]): Part {
  const inputsOf = (kind: "urls" | "images") => pieces.flatMap((piece) => piece[kind]);
  const sourcesOf = (kind: "urls" | "images") =>
    pieces.flatMap((piece) => piece[kind].map(() => piece.lines[0] ?? 1));
  return {
    urls: inputsOf("urls"),
    images: inputsOf("images"),
    lines: pieces.flatMap(({ lines }) => lines),
    sources: [...sourcesOf("urls"), ...sourcesOf("images")],
  };
}
