import type { PlannedImage as Image, PlannedLine as Line, Plan } from "../../use-cases/plan-purges.ts";

/** What would happen to a line: the rules' verdict, or that it joins a purge. */
export type PlannedLine = Line;

export type PlannedImage = Image;

/** A target of an image: as planned, or joining an open purge. */
export type PlannedTarget = PlannedImage["targets"][number];

/** A folder that the reader allows to be cleared whole, and what clears it. */
export type PlannedCover = Plan["cover"][number];
