import { expect, test } from "vitest";
import { edgeOutcomes } from "../../src/domain/edge-check.ts";
import type { Purge } from "../../src/domain/purge.ts";
import { staleSupport } from "../../src/http/answers/support-text.ts";
import { purgeView } from "../../src/http/answers/views.ts";

const at = (time: string) => Date.parse(`2026-11-15T12:${time}Z`);
const before = {
  at: at("00:01"),
  status: 200,
  type: "image/webp",
  fingerprint: "etag 6f1ed0",
  ageSeconds: 86_400,
  madeAt: Date.parse("2026-11-14T12:00:01Z"),
  cache: "hit",
  location: "FRA56-P4",
} as const;
const stale: Purge = {
  id: "p_01kaq3h8x0fj7m2k9t4v6w8y0z",
  batchId: "b_01kaq3h8x0fj7m2k9t4v6w8y0z",
  lines: [1],
  url: "https://ik.imagekit.io/demo/shoe.jpg*",
  kind: "wildcard",
  state: "completed",
  imagekitRequestId: "598821f949c0a938d57563bd",
  units: 1,
  attempts: 1,
  checks: 2,
  actor: "shop",
  createdAt: at("00:00"),
  sentAt: at("00:01"),
  acceptedAt: at("00:02"),
  completedAt: at("00:40"),
  edge: {
    outcome: "stale",
    url: "https://ik.imagekit.io/demo/shoe.jpg",
    tries: 3,
    checkedAt: at("05:40"),
    before,
    after: { ...before, at: at("05:40"), ageSeconds: 86_739, location: "FRA50-C1" },
  },
  alarm: "stale",
  timeline: [],
  batches: [],
};

test("a stale purge's support mail quotes URL, ids, times, and both readings with Age, ETag and location", () => {
  const { support } = purgeView(stale);
  for (const part of [
    "Purged: https://ik.imagekit.io/demo/shoe.jpg*\n",
    "URL that was read: https://ik.imagekit.io/demo/shoe.jpg\n",
    "request id: 598821f949c0a938d57563bd",
    "completed: 2026-11-15T12:00:40.000Z",
    "before the purge: read at 2026-11-15T12:00:01.000Z, status 200, image/webp, etag 6f1ed0, Age 86400 s, so the copy was made at 2026-11-14T12:00:01.000Z, cache hit, location FRA56-P4",
    "after Completed: read at 2026-11-15T12:05:40.000Z, status 200, image/webp, etag 6f1ed0, Age 86739 s",
    "location FRA50-C1",
  ]) {
    expect(support?.body).toContain(part);
  }
});

test("a stale purge that is no alarm any more has no support mail, and tells when its old copy was served", () => {
  const { edge, support } = purgeView({ ...stale, alarm: undefined });
  expect(support).toBeNull();
  expect(edge).toMatchObject({ outcome: "stale", before: { fingerprint: "etag 6f1ed0" } });
  expect(edge?.message).toMatch(/^The old copy was still served at 2026-11-15T12:05:40.000Z\. Nothing to do/);
});

test("a mail says that a server which refuses HEAD was asked with GET", () => {
  expect(staleSupport([stale]).body).toContain("HEAD (or GET for one byte, where HEAD was refused)");
});

test("a stale purge of which nothing was read before still has a support mail that says so", () => {
  const { support } = purgeView({ ...stale, edge: { outcome: "stale", url: stale.url, tries: 3 } });
  expect(support?.body).toContain("before the purge: not read");
});

test("several stale purges share one support mail", () => {
  const mail = staleSupport([stale, { ...stale, url: "https://ik.imagekit.io/demo/boot.jpg" }]);
  expect(mail.subject).toContain("2 purges");
  expect(mail.body).toContain("demo/boot.jpg");
});

test("only a stale check makes a completed purge a case for support", () => {
  const url = "https://ik.imagekit.io/demo/shoe.jpg";
  for (const outcome of ["waiting", ...edgeOutcomes.filter((each) => each !== "stale")] as const) {
    expect(purgeView({ ...stale, edge: { outcome, url, tries: 1 } }).support, outcome).toBeNull();
  }
  expect(purgeView({ ...stale, edge: undefined }).support).toBeNull();
});

test("what is shown and mailed of an edge check has no signature and no hidden character", () => {
  const url = "https://ik.imagekit.io/demo/shoe.jpg?ik-t=1900000000&ik-s=0123456789abcdef";
  const outside = { ...before, location: "FRA\u202e56", problem: `redirect to ${url}` };
  const shown = purgeView({ ...stale, url, edge: { outcome: "stale", url, tries: 3, before: outside } });
  expect(JSON.stringify(shown)).not.toContain("0123456789abcdef");
  expect(shown.support?.body).not.toContain("\u202e");
});

test("what is not known of an edge check is null", () => {
  const reading = { at: at("00:01") };
  const { edge } = purgeView({
    ...stale,
    edge: { outcome: "waiting", url: stale.url, tries: 0, before: reading },
  });
  expect(edge).toEqual({
    outcome: "waiting",
    cause: null,
    message: "The URL will be read once ImageKit reports Completed.",
    checkedAt: null,
    nextCheckAt: null,
    url: stale.url,
    location: null,
    before: {
      at: "2026-11-15T12:00:01.000Z",
      status: null,
      type: null,
      fingerprint: null,
      ageSeconds: null,
      madeAt: null,
      cache: null,
      location: null,
      problem: null,
    },
    after: null,
  });
});
