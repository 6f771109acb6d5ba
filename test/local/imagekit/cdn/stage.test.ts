import { expect, test } from "vitest";
import { type EdgeReading, edgeOutcomes } from "../../../../src/domain/edge-check.ts";
import { decideOutcome } from "../../../../src/edge/decide-outcome.ts";
import { edgeClient } from "../../../../src/edge/read-edge.ts";
import { type StagedEnd, stagedEnds } from "../../../../src/local/imagekit/cdn/stage.ts";
import { sampleEnds } from "../../../../src/local/sample/sample-ends.ts";
import { control, handClock, purged, simulator } from "../simulator.ts";
import { requestAtCdn, shoe } from "./requests.ts";

/** What Purge Desk finds where the next purge is staged to end so, read at the times of its tries. */
async function decided(end: StagedEnd) {
  const { clock, turn } = handClock();
  const imagekit = await simulator({ clock, settings: { pendingMs: 8_000, uploads: "before-each-purge" } });
  imagekit.control.cdn.stage(shoe, end);
  turn(1_000);
  const changedAt = clock.now();
  turn(500);
  const edge = edgeClient({
    fetch,
    hosts: new Set(["ik.imagekit.io"]),
    simulatedBaseUrl: imagekit.url,
  });
  const sentAt = clock.now();
  const [before] = await Promise.all([edge.readBefore(shoe, clock.now), purged(imagekit, shoe)]);
  turn(8_000);
  const completedAt = clock.now();
  const evidence = { before, sentAt, completedAt, changedAt };
  let previous: EdgeReading | undefined;
  for (const waitMs of [5_000, 55_000]) {
    turn(waitMs);
    const reading = await edge.read(shoe, clock.now);
    const result = decideOutcome({ ...evidence, reading, previous, isLastTry: false });
    if (result.outcome !== "undecided") return result;
    previous = reading;
  }
  turn(240_000);
  const reading = await edge.read(shoe, clock.now);
  return decideOutcome({ ...evidence, reading, previous, isLastTry: true });
}

const renewed: readonly StagedEnd[] = ["renewed-before", "no-reading-before", "no-fingerprint"];

test.each(stagedEnds)("a purge ends as it was staged, and as the sample says: %s", async (end) => {
  const found = await decided(end);
  expect(found.outcome).toBe(sampleEnds[end].outcome);
  if (renewed.includes(end)) return expect(found.outcome).toBe("renewed");
  const isOutcome = edgeOutcomes.some((outcome) => outcome === end);
  return expect(found).toMatchObject(isOutcome ? { outcome: end } : { outcome: "unreadable", cause: end });
});

test.each(stagedEnds)("an image staged as %s is served anew once it is staged as fresh", async (end) => {
  const imagekit = await simulator({ settings: { pendingMs: 0, uploads: "before-each-purge" } });
  imagekit.control.cdn.stage(shoe, end);
  await purged(imagekit, shoe);
  imagekit.control.cdn.stage(shoe, "fresh");
  const before = await requestAtCdn(imagekit, shoe);
  expect(before).toMatchObject({ status: 200, age: "3600" });
  await purged(imagekit, shoe);
  const after = await requestAtCdn(imagekit, shoe);
  expect(after).toMatchObject({ status: 200, cache: "Miss from cloudfront" });
  expect(after.etag).not.toBe(before.etag);
});

test("the control API replaces, deletes, warms, cools and stages, and shows what is there", async () => {
  const imagekit = await simulator();
  const image = { url: shoe };
  const at = (path: string) => `/cdn${path}`;
  expect((await control(imagekit, `POST ${at("/images")}`, image)).json).toMatchObject({
    version: 2,
    copy: { version: 1 },
  });
  expect((await control(imagekit, `DELETE ${at("/copies")}`, image)).json.copy).toBeNull();
  expect(
    (await control(imagekit, `POST ${at("/copies")}`, { ...image, ageMs: 5_000 })).json.copy,
  ).toMatchObject({ version: 2 });
  expect((await control(imagekit, `DELETE ${at("/images")}`, image)).json.version).toBe(0);
  expect((await control(imagekit, `GET ${at("")}?url=${encodeURIComponent(shoe)}`)).json).toMatchObject({
    url: shoe,
    version: 0,
  });
  expect(
    (await control(imagekit, `POST ${at("/stage")}`, { ...image, end: "stale" })).json.faults,
  ).toMatchObject([{ kind: "no-upload" }, { kind: "keep-copy" }]);
  expect((await control(imagekit, `DELETE ${at("/faults")}`)).json).toEqual({ faults: [] });
  expect((await control(imagekit, `POST ${at("/faults")}`, { kind: 503 })).json.faults).toHaveLength(1);
  expect((await control(imagekit, `GET ${at("/faults")}`)).json.faults).toHaveLength(1);
  expect((await control(imagekit, `GET ${at("/arrivals")}`)).json).toEqual({ arrivals: [] });
});

test.each([
  ["POST /cdn/images", { url: "/shoes/red.jpg" }],
  ["POST /cdn/images", { url: `${shoe}*` }],
  ["POST /cdn/stage", { url: shoe, end: "melted" }],
  ["POST /cdn/copies", { url: shoe, ageMs: -1 }],
  ["POST /cdn/faults", { kind: 200 }],
  ["GET /cdn", undefined],
])("%s with %o is answered 400 with the reason", async (action, body) => {
  const imagekit = await simulator();
  expect(await control(imagekit, action, body)).toMatchObject({
    status: 400,
    json: { message: expect.stringMatching(/.+/) },
  });
});
