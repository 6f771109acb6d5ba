/** Example purges: one under way, one whose new image is served, one that was purged before its upload. */

import { edgeView } from "../http/answers/edge-view.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";
const acceptedAt = "2026-11-23T18:00:01.310Z";
const completedAt = "2026-11-23T18:00:48.020Z";

const before = {
  at: Date.parse("2026-11-23T18:00:01.090Z"),
  status: 200,
  type: "image/avif",
  fingerprint: "etag 6f1ed002ab5595859014ebf0951522d9",
  ageSeconds: 86_400,
  madeAt: Date.parse("2026-11-22T18:00:01.090Z"),
  cache: "hit",
  location: "FRA56-P4",
} as const;

const after = {
  at: Date.parse("2026-11-23T18:00:53.140Z"),
  status: 200,
  type: "image/avif",
  fingerprint: "etag b1946ac92492d2347c6235b4d2611184",
  ageSeconds: 0,
  madeAt: Date.parse("2026-11-23T18:00:53.140Z"),
  cache: "miss",
  location: "FRA56-P4",
} as const;

const timeline = [
  {
    at: "2026-11-23T18:00:01.000Z",
    state: "queued",
    by: "storefront",
    note: "Accepted; one unit is set aside for it.",
  },
  { at: "2026-11-23T18:00:01.020Z", state: "sending", by: "purge-desk", note: "Sent to ImageKit." },
  { at: acceptedAt, state: "pending", by: "purge-desk", note: "ImageKit accepted it." },
] as const;

export const pendingPurge = {
  id: "p_01kaq3h8x0fj7m2k9t4v6w8y0z",
  batchId: "b_01kaq3h8x0fj7m2k9t4v6w8y0a",
  lines: [1],
  url,
  kind: "exact",
  state: "pending",
  imagekitRequestId: "598821f949c0a938d57563bd",
  units: 1,
  attempts: 1,
  checks: 0,
  actor: "storefront",
  reason: "new autumn photo",
  createdAt: "2026-11-23T18:00:01.000Z",
  sentAt: "2026-11-23T18:00:01.020Z",
  acceptedAt,
  completedAt: null,
  endedAt: null,
  sendAt: null,
  scheduled: false,
  nextCheckAt: "2026-11-23T18:00:06.310Z",
  error: null,
  timeline,
  edge: edgeView({ outcome: "waiting", url, tries: 0, before }),
  support: null,
} as const;

const completedPurge = {
  ...pendingPurge,
  state: "completed",
  checks: 4,
  completedAt,
  endedAt: completedAt,
  nextCheckAt: null,
  timeline: [
    ...timeline,
    { at: completedAt, state: "completed", by: "purge-desk", note: "ImageKit reported Completed." },
  ],
} as const;

const checked = { url, tries: 1, checkedAt: after.at, before } as const;

export const freshPurge = {
  ...completedPurge,
  edge: edgeView({ ...checked, outcome: "fresh", after }),
} as const;

export const unchangedPurge = {
  ...completedPurge,
  edge: edgeView({ ...checked, outcome: "unchanged", after: { ...after, fingerprint: before.fingerprint } }),
} as const;
