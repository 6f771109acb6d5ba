import fc from "fast-check";
import { expect, test } from "vitest";
import { offerCovers } from "../../../src/planning/covers/offer-covers.ts";
import { planRequest } from "../../../src/planning/plan-request.ts";
import type { Target } from "../../../src/rules/target.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { anyRequest, endpoints } from "./any-targets.ts";
import { bruteForce } from "./brute-force.ts";

const context = { endpoints, profiles: [], mayUseWildcards: true };
const tryEverything = bruteForce(endpoints);

function planOf(targets: readonly Target[], cover: readonly string[] = []) {
  const urls = targets.map(({ url }) => url);
  return planRequest({ urls, images: [], cover }, context, { onMistake: "send" });
}

/** Every folder that a target lies in; a path transformation is none. */
function foldersOf(targets: readonly Target[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { url } of targets) {
    const [path = ""] = url.split("?");
    for (let at = path.indexOf("/", "https://".length); at >= 0; at = path.indexOf("/", at + 1)) {
      for (let end = path.indexOf("/", at + 1); end >= 0; end = path.indexOf("/", end + 1))
        folders.add(path.slice(at, end + 1));
    }
  }
  for (const folder of folders) if (folder.includes("/tr:")) folders.delete(folder);
  return folders;
}

test("the folders offered are those that save more than any within them, compared with all that there are", () => {
  let offered = 0;
  fc.assert(
    fc.property(anyRequest, ({ targets }) => {
      const fewest = (cover: readonly string[]) => tryEverything(targets, cover).units;
      const saved = new Map([...foldersOf(targets)].map((folder) => [folder, fewest([]) - fewest([folder])]));
      const best = [...saved].filter(
        ([folder, saving]) =>
          saving > 0 &&
          ![...saved].some(([other, its]) => other !== folder && other.startsWith(folder) && its >= saving),
      );
      const offers = offerCovers(planOf(targets), context, () => false);
      expect(
        new Map(offers.map(({ prefix, unitsNow, unitsThen }) => [prefix, unitsNow - unitsThen])),
      ).toEqual(new Map(best));
      offered += offers.length;
    }),
    propertyRuns({ all: 700, fast: 100 }),
  );
  expect(offered).toBeGreaterThan(30);
});

test("an offer that is accepted saves exactly what it said, also beside targets that join a purge", () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyRequest, fc.nat(), ({ targets }, joined) => {
      const isJoined = (url: string) =>
        targets.some((one, at) => one.url === url && ((joined >> at) & 1) === 1);
      const costOf = ({ targets: planned }: ReturnType<typeof planOf>) =>
        planned.filter(({ url }) => !isJoined(url)).length;
      const plan = planOf(targets);
      for (const { prefix, unitsNow, unitsThen, wildcards } of offerCovers(plan, context, isJoined)) {
        const then = planOf(targets, [prefix]);
        expect(costOf(plan) - costOf(then)).toBe(unitsNow - unitsThen);
        expect(
          then.targets
            .filter(({ cover }) => cover === prefix)
            .map(({ url }) => url)
            .sort(),
        ).toEqual([...wildcards].sort());
        accepted += 1;
      }
    }),
    propertyRuns({ all: 700, fast: 200 }),
  );
  expect(accepted).toBeGreaterThan(20);
});
