import type { ImageLine, ImageTarget, LineVerdict } from "../../domain/verdict.ts";

/** What would happen to a line: the rules' verdict, or that it joins a purge. */
export type PlannedLine = Exclude<LineVerdict, { verdict: "image" }> | JoinedLine | PlannedImage;

/** A line that an open purge of the same target serves already. */
type JoinedLine = {
  readonly line: number;
  readonly input: string;
  readonly verdict: "joined";
  readonly purgeId: string;
};

export type PlannedImage = Omit<ImageLine, "targets"> & { readonly targets: readonly PlannedTarget[] };

/** A target of an image: as planned, or joining an open purge. */
export type PlannedTarget =
  | ImageTarget
  | {
      readonly url: string;
      readonly kind: ImageTarget["kind"];
      readonly verdict: "joined";
      readonly purgeId: string;
    };

/** A folder that the reader allows to be cleared whole, and what clears it. */
export type PlannedCover = {
  readonly prefix: string;
  readonly targets: readonly { readonly url: string; readonly verdict: "accepted" | "joined" }[];
};
