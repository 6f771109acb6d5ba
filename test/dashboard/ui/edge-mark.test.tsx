import { expect, test } from "vitest";
import { EdgeMark, worstSeen } from "../../../src/dashboard/ui/edge-mark.tsx";
import { type EdgeOutcome, edgeOutcomes } from "../../../src/domain/edge-check.ts";
import { edgeLabels } from "../../../src/domain/edge-words.ts";
import { purgeWith } from "./purge-status/purge-fixture.ts";

function seen(outcome: EdgeOutcome | "waiting") {
  const url = "https://ik.imagekit.io/demo/shoe.jpg";
  const alarm = outcome === "stale" ? { alarm: "stale" } : {};
  return purgeWith({ state: "completed", edge: { outcome, url, tries: 1 }, ...alarm });
}

test.each(edgeOutcomes)("%s is said in words, and stands out only if somebody has to act", (outcome) => {
  const html = String(EdgeMark({ outcome }));
  expect(html).toContain(edgeLabels[outcome]);
  expect(html.includes("pill")).toBe(outcome === "stale" || outcome === "unchanged");
});

test("among several purges, the outcome that somebody has to act on counts", () => {
  expect(worstSeen([seen("fresh"), seen("stale"), seen("unreadable")])).toBe("stale");
  expect(worstSeen([seen("fresh"), seen("waiting")])).toBe("waiting");
  expect(worstSeen([seen("fresh"), purgeWith({ state: "completed" })])).toBe("fresh");
});

test("an old copy that is no alarm any more is said quietly, and in the past tense", () => {
  const over = worstSeen([{ ...seen("stale"), alarm: undefined }]);
  const html = String(EdgeMark({ outcome: over }));
  expect(html).toContain("Old copy was still served");
  expect(html).not.toContain("pill");
});

test("nothing is said of a purge that has not completed, or is not checked", () => {
  expect(worstSeen([{ ...seen("unreadable"), state: "pending" }])).toBeUndefined();
  expect(worstSeen([purgeWith({ state: "completed" })])).toBeUndefined();
  expect(EdgeMark({ outcome: undefined })).toBeNull();
});
