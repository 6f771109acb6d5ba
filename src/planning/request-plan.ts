import type { Profile } from "../domain/profile.ts";
import type { TargetKind } from "../domain/purge.ts";
import type { LineVerdict } from "../domain/verdict.ts";
import type { UrlEndpoint } from "../rules/url-endpoint.ts";

/** What a plan or a submission names. Lines are numbered through the URLs, then the images. */
export type NamedTargets = {
  readonly urls: readonly string[];
  /** Each the path of an original after the URL endpoint, or any of its URLs. */
  readonly images: readonly string[];
  /** Folders that may be cleared whole: path prefixes after the endpoint, such as `/products/autumn/`. */
  readonly cover: readonly string[];
};

/** What the planner must know of the shop and the caller. */
export type PlanningContext = {
  readonly endpoints: readonly UrlEndpoint[];
  readonly profiles: readonly Profile[];
  /** Whether the caller has the scope `wildcard`. Without it, an image costs no wildcard that reaches other files. */
  readonly mayUseWildcards: boolean;
};

/** A target that would become a purge of its own, unless it joins one. */
export type PlannedTarget = {
  readonly url: string;
  readonly kind: TargetKind;
  /** Every line that it serves, from 1. */
  readonly lines: readonly number[];
  /** The cover whose wildcard this is. */
  readonly cover?: string | undefined;
};

/** What would be sent for a request, before joins and the budget. */
export type RequestPlan = {
  readonly lines: readonly LineVerdict[];
  /** What costs a unit, each target once, in the order of the lines. */
  readonly targets: readonly PlannedTarget[];
};

/** A folder that would save units if it could be cleared whole. */
export type CoverOffer = {
  /** The path prefix after the endpoint; ends in `/`. */
  readonly prefix: string;
  readonly lines: readonly number[];
  /** What the targets within it cost now, and what they would cost. */
  readonly unitsNow: number;
  readonly unitsThen: number;
  readonly wildcards: readonly string[];
};
