import { expect, test } from "vitest";
import { type EdgeCheck, edgeCauses, edgeOutcomes } from "../../src/domain/edge-check.ts";
import { edgeLabels, edgeMessage, edgeWords, toldEdge } from "../../src/domain/edge-words.ts";

type Told = Parameters<typeof edgeMessage>[0];
const unreadable = (cause: string): Told => ({ outcome: "unreadable", cause, tries: 1 });
const limits = /one location of the CDN, in the format for a current browser/;

test("every outcome and every cause is told in a sentence of its own, and says what to do", () => {
  const told = [...edgeOutcomes.map((outcome) => ({ outcome, tries: 1 })), ...edgeCauses.map(unreadable)];
  const words = told.map(edgeWords);
  expect(new Set(words.map(({ seen }) => seen)).size).toBe(told.length);
  for (const { seen, advice } of words) {
    expect(seen).toMatch(/^[A-Z].*\.$/);
    expect(advice).toMatch(/^[A-Z].*\.$/);
  }
});

test("what was seen is said of one location and one format only", () => {
  for (const outcome of edgeOutcomes) expect(edgeMessage({ outcome, tries: 1 })).toMatch(limits);
});

test.each(["signed", "not-asked", "no-answer"])(
  "nothing is said of a location where none answered (%s)",
  (cause) => {
    expect(edgeMessage(unreadable(cause))).not.toMatch(limits);
  },
);

test.each(["a-cause-of-a-newer-version", "toString", "__proto__", ""])(
  "an unknown cause (%j) is told as its outcome is",
  (cause) => {
    expect(edgeMessage(unreadable(cause))).toBe(edgeMessage({ outcome: "unreadable", tries: 1 }));
  },
);

test("an old copy is said to be served only while that is an alarm, and later to have been served then", () => {
  const stale = { outcome: "stale", tries: 3, checkedAt: Date.UTC(2026, 10, 23, 18) } as const;
  expect(edgeMessage(toldEdge(stale, "stale"))).toMatch(/is still served.*Purge again, for one more unit/);
  const over = toldEdge(stale, undefined);
  expect(edgeLabels[over.outcome]).toBe("Old copy was still served");
  expect(edgeMessage(over)).toMatch(
    /^The old copy was still served at 2026-11-23T18:00:00.000Z\. Nothing to do/,
  );
  expect(edgeMessage(over)).not.toMatch(/is still served|for one more unit/);
  expect(toldEdge({ outcome: "fresh" }, undefined)).toEqual({ outcome: "fresh" });
});

test("an open check says what it waits for, and gives no advice yet", () => {
  const waiting = (more: Partial<EdgeCheck>) => edgeWords({ outcome: "waiting", tries: 0, ...more });
  expect(waiting({}).seen).toMatch(/once ImageKit reports Completed/);
  expect(waiting({ nextAt: 1 }).seen).toMatch(/read next/);
  expect(waiting({ nextAt: 1, tries: 2 }).seen).toMatch(/read again/);
  for (const more of [{}, { nextAt: 1 }, { nextAt: 1, tries: 2 }]) {
    expect(waiting(more).advice).toBeUndefined();
  }
});
