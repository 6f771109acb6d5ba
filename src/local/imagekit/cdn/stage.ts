import type { EdgeCause, EdgeOutcome } from "../../../domain/edge-check.ts";
import type { CdnFaultRequest, CdnFaults } from "./cdn-faults.ts";
import type { Edge } from "./edge.ts";

/**
 * What the next purge of a URL can be made to end in. Not here are causes that do not depend on the CDN (those of a URL's
 * own, and `same-image`, which is `unchanged` for a request without `changedAt`), and those of several locations or caches:
 * this CDN has one.
 */
export const stagedEnds = [
  "fresh",
  "unchanged",
  "stale",
  "gone",
  "renewed-before",
  "no-reading-before",
  "no-fingerprint",
  "not-allowed",
  "not-an-image",
  "redirected",
  "unexpected-status",
  "age-unknown",
  "age-unusable",
  "age-unproven",
  "made-meanwhile",
  "cached-not-found",
  "nothing-to-compare",
  "server-error",
  "no-answer",
] as const satisfies readonly (EdgeOutcome | EdgeCause)[];

export type StagedEnd = (typeof stagedEnds)[number];

type Stage = {
  /** What becomes of the image, of which the cache has an old copy; `without-a-copy`: it has none. */
  readonly image: "replaced" | "removed" | "as-it-was" | "without-a-copy";
  /** On that URL; `times` as in `CdnFault`. */
  readonly faults?: readonly Omit<CdnFaultRequest, "urlContains">[];
};

const noUpload = { kind: "no-upload" } as const;
const always = "forever";
const noFingerprint = {
  kind: "headers",
  headers: { ETag: null, "Last-Modified": null },
  times: always,
} as const;

const stages: Readonly<Record<StagedEnd, Stage>> = {
  fresh: { image: "replaced", faults: [noUpload] },
  unchanged: { image: "as-it-was", faults: [noUpload] },
  stale: { image: "replaced", faults: [noUpload, { kind: "keep-copy" }] },
  gone: { image: "removed", faults: [noUpload] },
  "renewed-before": { image: "without-a-copy", faults: [noUpload] },
  "no-reading-before": { image: "replaced", faults: [noUpload, { kind: "reset" }] },
  "no-fingerprint": { image: "replaced", faults: [noUpload, noFingerprint] },
  "not-allowed": { image: "replaced", faults: [{ kind: 403, times: always }] },
  "not-an-image": { image: "replaced", faults: [{ kind: "html", times: always }] },
  redirected: { image: "replaced", faults: [{ kind: "redirect", times: always }] },
  "unexpected-status": { image: "replaced", faults: [{ kind: 418, times: always }] },
  "age-unknown": {
    image: "as-it-was",
    faults: [
      noUpload,
      { kind: "headers", headers: { Age: null, "X-Cache": "Hit from cloudfront" }, times: always },
    ],
  },
  "age-unusable": {
    image: "as-it-was",
    faults: [noUpload, { kind: "headers", headers: { Age: "-5" }, times: always }],
  },
  "age-unproven": {
    image: "as-it-was",
    faults: [
      noUpload,
      { kind: "headers", headers: { Age: "3600", "X-Cache": "Hit from cloudfront" }, times: always },
    ],
  },
  "made-meanwhile": { image: "as-it-was", faults: [noUpload, { kind: "visitor-meanwhile" }] },
  "cached-not-found": {
    image: "as-it-was",
    faults: [noUpload, { kind: 404, headers: { Age: "86400" }, times: always }],
  },
  "nothing-to-compare": {
    image: "as-it-was",
    faults: [noUpload, { kind: "keep-copy" }, noFingerprint],
  },
  "server-error": { image: "replaced", faults: [{ kind: 503, times: always }] },
  "no-answer": { image: "replaced", faults: [{ kind: "reset", times: always }] },
};

/**
 * Prepares the CDN so that the next purge of this URL ends so. What was prepared for the URL before is forgotten; `fresh`
 * is also how to end a fault that lasts.
 */
export function stage(
  { edge, faults }: { readonly edge: Edge; readonly faults: CdnFaults },
  url: string,
  end: StagedEnd,
): void {
  const { image, faults: some = [] } = stages[end];
  faults.clear(url);
  if (edge.versionOf(url) === 0) edge.replace(url);
  edge.cool(url);
  if (image !== "without-a-copy") edge.warm(url);
  if (image === "replaced") edge.replace(url);
  if (image === "removed") edge.remove(url);
  faults.add(some.map((fault) => ({ ...fault, urlContains: url })));
}
