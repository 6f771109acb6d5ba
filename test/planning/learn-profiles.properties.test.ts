import fc from "fast-check";
import { expect, test } from "vitest";
import type { Profile } from "../../src/domain/profile.ts";
import { checkProfile } from "../../src/planning/check-profile.ts";
import { expandTransformation } from "../../src/planning/expand-transformation.ts";
import { learnProfiles } from "../../src/planning/learn-profiles.ts";
import { compressLists } from "../../src/planning/learning/compress-lists.ts";
import { createProfileMatcher } from "../../src/planning/match-profile.ts";
import { anyLine } from "../rules/lines.ts";
import { endpoints } from "../rules/plan-line.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { demo } from "./planned.ts";

const runs = propertyRuns({ all: 700, fast: 200 });

const transformation = fc
  .tuple(fc.constantFrom("w-", "h-", "w-4,h-", "n-", "l-text,i-"), fc.integer({ min: 1, max: 12 }))
  .map(([name, value]) => `tr:${name}${value}${name.startsWith("l-") ? ",l-end" : ""}`);

const imageUrl = fc
  .tuple(
    fc.constantFrom(demo, "https://images.shop.example", `${demo}/pattern`),
    fc.option(transformation, { nil: undefined }),
    fc.array(fc.constantFrom("products", "banners", "a", "b", "gr%c3%bcn"), { maxLength: 3 }),
    fc.constantFrom("x.jpg", "y.png", "z"),
  )
  .map(([base, stack, folders, name]) =>
    [base, ...(stack === undefined ? [] : [stack]), ...folders, name].join("/"),
  );

const text = fc
  .array(fc.oneof({ weight: 6, arbitrary: imageUrl }, anyLine, fc.string()), { maxLength: 40 })
  .map((parts) => parts.join(" "));

test("any text is learned from without an error, the same twice, and the counts add up", () => {
  fc.assert(
    fc.property(text, (pasted) => {
      const learned = learnProfiles(pasted, endpoints);
      expect(learnProfiles(pasted, endpoints)).toEqual(learned);
      for (const { count, example } of learned.ignored) {
        expect(count).toBeGreaterThan(0);
        expect(example.length).toBeLessThanOrEqual(200);
      }
      const seen = learned.profiles.flatMap((one) =>
        one.endpoints.map((endpoint) => one.seen[endpoint] ?? 0),
      );
      expect(seen.reduce((sum, count) => sum + count, 0)).toBe(learned.urls);
    }),
    runs,
  );
});

test("learned profiles can be stored, one after the other, as they are", () => {
  fc.assert(
    fc.property(text, (pasted) => {
      const stored: Profile[] = [];
      for (const { seen, ...profile } of learnProfiles(pasted, endpoints).profiles) {
        expect(checkProfile(profile, stored, endpoints)).toEqual({ profile });
        const variants = profile.transformations.flatMap(expandTransformation);
        expect(Object.keys(seen).sort()).toEqual([...variants, ...profile.endpoints].sort());
        stored.push(profile);
      }
    }),
    runs,
  );
});

test("each URL of an image that was found is one that its profile makes", () => {
  fc.assert(
    fc.property(fc.array(imageUrl, { maxLength: 40 }), (urls) => {
      const { profiles, ignored } = learnProfiles(urls.join("\n"), endpoints);
      expect(ignored).toEqual([]);
      const profileOf = createProfileMatcher(profiles);
      for (const url of urls) {
        const [, base = "", stack, path = ""] =
          /^(https:\/\/(?:ik\.imagekit\.io\/demo(?:\/pattern)?|images\.shop\.example))(?:\/(tr:[^/]*))?(\/.*)$/u.exec(
            url,
          ) ?? [];
        const profile = profileOf(path);
        expect(profile?.endpoints).toContain(base);
        if (stack !== undefined) {
          expect(profile?.transformations.flatMap(expandTransformation)).toContain(stack);
        }
      }
    }),
    runs,
  );
});

test("lists stand for exactly the transformations that they were made of", () => {
  fc.assert(
    fc.property(fc.uniqueArray(transformation, { maxLength: 40 }), (transformations) => {
      const compressed = compressLists(transformations);
      expect(compressed.flatMap(expandTransformation).sort()).toEqual([...transformations].sort());
      expect(compressed.length).toBeLessThanOrEqual(transformations.length);
      for (const one of compressed) expect(one.length).toBeLessThanOrEqual(200);
    }),
    runs,
  );
});
