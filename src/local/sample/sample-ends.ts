import type { EdgeOutcome } from "../../domain/edge-check.ts";
import type { StagedEnd } from "../imagekit/cdn/stage.ts";

/** What each end is and how it comes about, in words for the sample page. */
export const sampleEnds: Readonly<
  Record<StagedEnd, { readonly outcome: EdgeOutcome; readonly because: string }>
> = {
  fresh: { outcome: "fresh", because: "the image was replaced first" },
  unchanged: { outcome: "unchanged", because: "the purge came before the upload" },
  stale: { outcome: "stale", because: "the CDN keeps its copy" },
  gone: { outcome: "gone", because: "the image was deleted" },
  "renewed-before": { outcome: "renewed", because: "its copy was already new" },
  "no-reading-before": { outcome: "renewed", because: "the CDN did not answer before the purge" },
  "no-fingerprint": { outcome: "renewed", because: "the CDN sends no ETag" },
  "not-allowed": { outcome: "unreadable", because: "the CDN answers 403" },
  "not-an-image": { outcome: "unreadable", because: "the CDN serves a page" },
  redirected: { outcome: "unreadable", because: "the CDN redirects" },
  "unexpected-status": { outcome: "unreadable", because: "the CDN answers 418" },
  "age-unknown": { outcome: "unreadable", because: "a stored copy has no Age" },
  "age-unusable": { outcome: "unreadable", because: "Age is negative" },
  "age-unproven": { outcome: "unreadable", because: "the origin sets Age" },
  "made-meanwhile": { outcome: "unreadable", because: "a visitor came before Completed" },
  "cached-not-found": { outcome: "unreadable", because: "a stored 404 is served" },
  "nothing-to-compare": { outcome: "unreadable", because: "an old copy has no ETag" },
  "server-error": { outcome: "unreadable", because: "the CDN answers 503" },
  "no-answer": { outcome: "unreadable", because: "the CDN breaks connections off" },
};
