import fc from "fast-check";
import { expect, test } from "vitest";
import type { Profile } from "../../src/domain/profile.ts";
import { covers } from "../../src/planning/covered-lines.ts";
import { nameTargets } from "../../src/planning/name-targets.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import type { NamedTargets, PlanningContext } from "../../src/planning/request-plan.ts";
import { readLine, type Target } from "../../src/rules/target.ts";
import { anyLine, neighbourLine } from "../rules/lines.ts";
import { endpoints } from "../rules/plan-line.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { demo } from "./planned.ts";

const imagePath = fc
  .array(
    fc.constantFrom(
      "/",
      "/images",
      "/upload",
      "/a",
      "/tr:w-1",
      "/tr:h-2",
      ".jpg",
      ".mp4",
      "é",
      "%2f",
      "..",
      "*",
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(""));
const imageOf = fc.tuple(
  fc.constantFrom("", demo, `${demo}/pattern`, "https://images.shop.example"),
  imagePath,
);
const anyImage = fc.oneof(
  { weight: 4, arbitrary: imageOf.map(([base, path]) => `${base}${path}`) },
  { weight: 2, arbitrary: imageOf.map(([base, path]) => `${base}/images${path}.jpg?v=1`) },
  neighbourLine,
  anyLine,
);

const profiles: readonly Profile[] = [
  {
    name: "all",
    paths: ["/"],
    endpoints: [demo, "https://images.shop.example"],
    transformations: ["tr:w-{1,2}"],
  },
  { name: "images", paths: ["/images/"], endpoints: [demo], transformations: ["tr:w-1"] },
];

const request = fc.record<NamedTargets>({
  urls: fc.array(fc.oneof(neighbourLine, anyLine), { maxLength: 6 }),
  images: fc.array(anyImage, { maxLength: 12 }),
  cover: fc.constant([]),
});
const context = fc.record<PlanningContext>({
  endpoints: fc.constant(endpoints),
  profiles: fc.subarray([...profiles]),
  mayUseWildcards: fc.boolean(),
});
const runs = propertyRuns({ all: 500, fast: 150 });

function targetOf(url: string): Target {
  const reading = readLine(url, endpoints);
  if ("violations" in reading) throw new Error(`not accepted: ${url}`);
  return reading.target;
}

test("any request gets a verdict on each line, in order, without an error, and the same one twice", () => {
  fc.assert(
    fc.property(request, context, (named, known) => {
      const plan = planRequest(named, known);
      const inputs = [...named.urls, ...named.images];
      expect(plan.lines.map(({ line, input }) => [line, input])).toEqual(
        inputs.map((input, index) => [index + 1, input]),
      );
      expect(planRequest(named, known)).toEqual(plan);
    }),
    runs,
  );
});

test("whatever is sent passes the rules as it is, and each target is sent once", () => {
  fc.assert(
    fc.property(request, context, (named, known) => {
      const { targets } = planRequest(named, known);
      for (const { url, kind } of targets) expect(targetOf(url)).toMatchObject({ url, kind });
      expect(new Set(targets.map(({ url }) => url)).size).toBe(targets.length);
    }),
    runs,
  );
});

test("each target that an image needs is sent, or certainly cleared by another one that is", () => {
  fc.assert(
    fc.property(request, context, (named, known) => {
      const { lines, targets } = planRequest(named, known);
      const sent = targets.map(({ url }) => targetOf(url));
      for (const line of lines) {
        if (line.verdict !== "image") continue;
        for (const { url } of line.targets) {
          const needed = targetOf(url);
          const serving = sent.filter((one) => one.url === url || covers(one, needed));
          expect(serving.length).toBeGreaterThan(0);
          const served = targets.filter(({ url }) => serving.some((one) => one.url === url));
          expect(served.some((one) => one.lines.includes(line.line))).toBe(true);
        }
      }
    }),
    runs,
  );
});

test("a URL of an image is cleared by its targets, if ImageKit accepts them", () => {
  fc.assert(
    fc.property(anyImage, context, (input, known) => {
      const { lines, targets } = planRequest({ urls: [], images: [input], cover: [] }, known);
      const given = readLine(input, endpoints);
      if (lines[0]?.verdict !== "image" || "violations" in given) return;
      const sent = targets.map(({ url }) => ({ ...targetOf(url), isDoubtful: false }));
      expect(sent.some((one) => one.url === given.target.url || covers(one, given.target))).toBe(true);
    }),
    runs,
  );
});

test("no wildcard that an image makes reaches into another URL endpoint", () => {
  fc.assert(
    fc.property(fc.array(anyImage, { maxLength: 8 }), context, (images, known) => {
      for (const { url, kind } of planRequest({ urls: [], images, cover: [] }, known).targets) {
        if (kind !== "wildcard") continue;
        const prefix = url.slice("https://".length, -1);
        expect(endpoints.some(({ host, path }) => `${host}${path}/`.startsWith(prefix))).toBe(false);
      }
    }),
    runs,
  );
});

test("without the scope for wildcards, an image makes only wildcards that end in a file's extension", () => {
  fc.assert(
    fc.property(fc.array(anyImage, { maxLength: 8 }), context, (images, known) => {
      const { targets } = planRequest({ urls: [], images, cover: [] }, { ...known, mayUseWildcards: false });
      for (const { url, kind } of targets) if (kind === "wildcard") expect(url).toMatch(/\.(?:jpg|mp4)\*$/u);
    }),
    runs,
  );
});

test("a suggestion for an image passes", () => {
  fc.assert(
    fc.property(anyImage, (input) => {
      const known = { endpoints, profiles, mayUseWildcards: false };
      const [line] = planRequest({ urls: [], images: [input], cover: [] }, known).lines;
      if (line?.verdict !== "rejected") return;
      for (const { suggestion } of line.violations) {
        if (suggestion === undefined) continue;
        const { lines } = planRequest({ urls: [], images: suggestion.split("\n"), cover: [] }, known);
        expect(lines.map(({ verdict }) => verdict)).not.toContain("rejected");
      }
    }),
    runs,
  );
});

test("every line that is not refused has a purge, and every purge a line", () => {
  fc.assert(
    fc.property(request, context, (named, known) => {
      let count = 0;
      const { lines, purges } = nameTargets(planRequest(named, known), () => {
        count += 1;
        return `p_${count}`;
      });
      const ids = new Set(purges.map(({ id }) => id));
      const used = lines.flatMap((line) => {
        if (line.verdict === "rejected") return [];
        const own = line.verdict === "image" ? line.purgeIds : [line.purgeId];
        expect(own.length).toBeGreaterThan(0);
        return own;
      });
      expect(new Set(used)).toEqual(ids);
    }),
    runs,
  );
});
