import fc from "fast-check";
import { expect, test } from "vitest";
import { coverTargets } from "../../../src/planning/covers/cover-targets.ts";
import { readLine, type Target } from "../../../src/rules/target.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { anyRequest, endpoints } from "./any-targets.ts";
import { bruteForce, clears } from "./brute-force.ts";

const tryEverything = bruteForce(endpoints);

/** What is sent: the wildcards of the folders, and every target that neither they nor another target clears. */
function sentFor(targets: readonly Target[], folders: readonly string[]) {
  const needed = targets.filter(
    (target) => !targets.some((other) => other !== target && clears(other, target)),
  );
  const covers = coverTargets(needed, folders, endpoints);
  const wildcards = [...new Set([...covers.values()].map(({ url }) => url))].map((url) => {
    const reading = readLine(url, endpoints);
    if ("violations" in reading) throw new Error(`not accepted: ${url}`);
    return reading.target;
  });
  return { covers, wildcards, sent: [...wildcards, ...needed.filter(({ url }) => !covers.has(url))] };
}

test("no smaller set of wildcards and targets clears everything, compared with all that there are", () => {
  let shared = 0;
  fc.assert(
    fc.property(anyRequest, ({ targets, folders }) => {
      const best = tryEverything(targets, folders);
      const { covers, wildcards, sent } = sentFor(targets, folders);
      for (const { url } of wildcards) expect(best.wildcards).toContain(url);
      for (const target of targets) {
        expect(sent.some((one) => clears(one, target))).toBe(true);
        const cover = covers.get(target.url);
        if (cover !== undefined) expect(target.prefix.startsWith(cover.url.slice(0, -1))).toBe(true);
      }
      expect(sent.length).toBe(best.units);
      shared += wildcards.length;
    }),
    propertyRuns({ all: 1_500, fast: 200 }),
  );
  expect(shared).toBeGreaterThan(60);
});

test("what is sent clears nothing else than any other set as small clears too", () => {
  let compared = 0;
  fc.assert(
    fc.property(anyRequest, fc.infiniteStream(fc.nat()), ({ targets, folders }, random) => {
      const best = tryEverything(targets, folders);
      const { sent } = sentFor(targets, folders);
      const pick = (count: number) => (random.next().value ?? 0) % count;
      for (let time = 0; time < 8; time += 1) {
        const other = best.smallest(pick);
        expect(other.length).toBe(sent.length);
        for (const one of sent) expect(other.some((wide) => isWithin(one, wide))).toBe(true);
        compared += Number(other.some(({ url }) => !sent.some((one) => one.url === url)));
      }
    }),
    propertyRuns({ all: 700, fast: 100 }),
  );
  expect(compared).toBeGreaterThan(60);
});

/** Whether every URL that begins with the one text begins with the other, or is that one URL. */
function isWithin(one: Target, wide: Target): boolean {
  return one.url === wide.url || (wide.kind === "wildcard" && one.prefix.startsWith(wide.prefix));
}

test("the order of the targets and folders does not change what covers them", () => {
  fc.assert(
    fc.property(anyRequest, ({ targets, folders }) => {
      const one = coverTargets(targets, folders, endpoints);
      const other = coverTargets(targets.toReversed(), folders.toReversed(), endpoints);
      expect(new Map(other)).toEqual(new Map(one));
    }),
    propertyRuns({ all: 500, fast: 100 }),
  );
});
