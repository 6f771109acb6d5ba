import { afterAll, beforeAll, expect, test } from "vitest";
import type { Purge } from "../../src/domain/purge.ts";
import { systemClock, toIsoTime } from "../../src/domain/time.ts";
import type { StagedEnd } from "../../src/local/imagekit/cdn/stage.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { type EdgeTimeOuts, holdEdgeTimeOuts } from "../support/edge-time-outs.ts";
import { minute, second } from "../support/test-ledger.ts";

const sentAt = Date.parse("2026-11-15T12:03:00.000Z");
const time = { now: sentAt };
let imagekit: SimulatedImageKit;
let desk: TestApp;
let timeOuts: EdgeTimeOuts;
let purges: readonly Purge[];

const rows: readonly { readonly end: StagedEnd; readonly is?: string; readonly tries?: number }[] = [
  { end: "fresh", is: "fresh" },
  { end: "unchanged", is: "unchanged" },
  { end: "stale", is: "stale", tries: 3 },
  { end: "gone", is: "gone" },
  { end: "renewed-before", is: "renewed: renewed-before" },
  { end: "no-reading-before", is: "renewed: no-reading-before" },
  { end: "no-fingerprint", is: "renewed: no-fingerprint" },
  { end: "not-allowed" },
  { end: "not-an-image" },
  { end: "redirected" },
  { end: "unexpected-status" },
  { end: "age-unknown" },
  { end: "age-unusable" },
  { end: "age-unproven", tries: 3 },
  { end: "made-meanwhile", tries: 3 },
  { end: "cached-not-found", tries: 3 },
  { end: "nothing-to-compare", tries: 3 },
  { end: "server-error", tries: 3 },
  { end: "no-answer", tries: 3 },
];
const urlOf = (name: string) => `https://ik.imagekit.io/demo/${name}.jpg`;
const signed = `${urlOf("private")}?ik-t=9999999999&ik-s=0123456789abcdef`;

async function submit(json: object): Promise<readonly string[]> {
  const { status, body } = await desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { check: true, ...json },
  });
  expect(status).toBe(202);
  return body.purges.map(({ id }: { id: string }) => id);
}

/** Purges an image for each way in which the CDN may behave, and lets the sweep run until every check is decided. */
beforeAll(async () => {
  timeOuts = holdEdgeTimeOuts();
  const atTime = { ...systemClock, now: () => time.now };
  imagekit = await startSimulatedImageKit({ clock: atTime, settings: { pendingMs: 1_000, quota: "none" } });
  const env = { IMAGEKIT_PRIVATE_KEY: imagekit.privateKey, IMAGEKIT_API_BASE_URL: imagekit.url };
  desk = await startApp({ time, env });
  desk.imagekit.answer = (request) => fetch(request);

  for (const { end } of rows) imagekit.control.cdn.stage(urlOf(end), end);
  imagekit.control.cdn.stage(urlOf("not-stated"), "unchanged");
  imagekit.control.cdn.stage(urlOf("wildcard"), "fresh");
  const changedAt = toIsoTime(sentAt - 30 * second);
  const ids = [
    ...(await submit({ urls: [...rows.map(({ end }) => urlOf(end)), signed], changedAt })),
    ...(await submit({ urls: [urlOf("not-stated")] })),
    ...(await submit({ images: ["/wildcard.jpg"], changedAt })),
  ];
  await Promise.all(desk.background);
  for (const waitMs of [5 * second, 5 * second, minute, 5 * minute]) {
    time.now += waitMs;
    await sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });
  }
  const read = await Promise.all(ids.map(desk.services.ledger.readPurge));
  purges = read.filter((purge) => purge !== undefined);
});
afterAll(async () => {
  timeOuts.release();
  await desk.close();
  await imagekit.close();
});

const purgeOf = (url: string) => purges.find((purge) => purge.url === url);

test.each(rows)(
  "a purge after which the CDN behaves as for $end ends so, completed and for one unit",
  (row) => {
    const { end, is = `unreadable: ${end}`, tries = 1 } = row;
    const url = urlOf(end);
    const purge = purgeOf(url);
    const { outcome, cause } = purge?.edge ?? {};
    expect(cause === undefined ? outcome : `${outcome}: ${cause}`).toBe(is);
    expect(purge).toMatchObject({ state: "completed", units: 1, attempts: 1, edge: { url, tries } });
    const sends = imagekit.arrivals().filter(({ endpoint }) => endpoint === "send");
    expect(sends.filter((arrival) => arrival.url === url)).toHaveLength(1);
  },
);

test("the same image in a new copy is no fault where nobody said that it had changed", () => {
  expect(purgeOf(urlOf("not-stated"))?.edge).toMatchObject({ outcome: "renewed", cause: "same-image" });
});

test("a wildcard of one file is checked at the file, and both readings are kept", () => {
  const url = urlOf("wildcard");
  const { edge, completedAt = 0 } = purgeOf(`${url}*`) ?? {};
  expect(edge).toMatchObject({ outcome: "fresh", url });
  expect(edge?.before).toMatchObject({ status: 200, cache: "hit", ageSeconds: 3_600 });
  expect(Math.abs((edge?.before?.at ?? 0) - sentAt)).toBeLessThan(5 * second);
  expect(edge?.after).toMatchObject({ status: 200, cache: "miss" });
  expect(edge?.after?.fingerprint).not.toBe(edge?.before?.fingerprint);
  expect(edge?.after?.at).toBeGreaterThanOrEqual(completedAt + 5 * second);
  expect(edge?.after?.at).toBeLessThan(completedAt + 10 * second);
});

test("a signed URL is never asked for, and its signature is nowhere in what is kept", () => {
  const purge = purges.find(({ url }) => url.includes("private.jpg"));
  expect(purge).toMatchObject({ edge: { outcome: "unreadable", cause: "signed", tries: 0 } });
  expect(JSON.stringify(purge)).not.toMatch(/0123456789abcdef|9999999999/);
  expect(imagekit.control.cdn.arrivals().filter(({ url }) => url.includes("private.jpg"))).toEqual([]);
});

test("the log has a line for each reading, with the purge, the outcome, its cause and the try", () => {
  const { id } = purgeOf(urlOf("server-error")) ?? {};
  const lines = desk.logged
    .map((line) => JSON.parse(line))
    .filter(({ event, purgeId }) => event === "edge-check" && purgeId === id);
  expect(lines).toMatchObject([
    { outcome: "undecided", try: 1, durationMs: expect.any(Number) },
    { outcome: "undecided", try: 2 },
    { outcome: "unreadable", cause: "server-error", try: 3 },
  ]);
});

test("each URL is read once beside its send and once at each try; only a refusal of HEAD is asked again, with GET", () => {
  const refused: readonly StagedEnd[] = ["gone", "not-allowed", "cached-not-found"];
  for (const { end, tries = 1 } of rows) {
    const arrivals = imagekit.control.cdn.arrivals().filter(({ url }) => url === urlOf(end));
    const count = (name: string) => arrivals.filter(({ method }) => method === name).length;
    expect(count("HEAD"), end).toBe(1 + tries);
    expect(count("GET") > 0, end).toBe(refused.includes(end));
    expect(count("GET"), end).toBeLessThanOrEqual(1 + tries);
  }
});
