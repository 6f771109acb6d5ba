import fc from "fast-check";
import { expect, test } from "vitest";
import { type LineVerdict, normalisationCodes } from "../../src/domain/verdict.ts";
import { covers } from "../../src/planning/covered-lines.ts";
import { planLines } from "../../src/planning/plan-lines.ts";
import { maximumUrlBytes } from "../../src/rules/limits.ts";
import { readLine } from "../../src/rules/target.ts";
import { anyLine, endpointLine, neighbourLine, urlLikeLine } from "../rules/lines.ts";
import { acceptedLine, endpoints, planLine } from "../rules/plan-line.ts";
import { propertyRuns } from "../support/property-runs.ts";

const isNormalisation = ({ code }: { readonly code: string }) =>
  normalisationCodes.some((one) => one === code);

/** What is said of the part behind a `#`, which the canonical form does not have. */
const isAboutFragment = ({ code, message }: { readonly code: string; readonly message: string }) =>
  code === "mark-in-name" && message.includes('"#"');

test("any string gets a verdict, and a rejected one says why", () => {
  fc.assert(
    fc.property(anyLine, (input) => {
      const verdict = planLine(input);
      expect(verdict).toMatchObject({ line: 1, input });
      expect(["accepted", "rejected"]).toContain(verdict.verdict);
      if (verdict.verdict !== "rejected") return;
      expect(verdict.violations.length).toBeGreaterThan(0);
      for (const { message } of verdict.violations) expect(message.length).toBeLessThan(700);
    }),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

test("the canonical form of a canonical form is itself, with no warning about normalisation", () => {
  fc.assert(
    fc.property(anyLine, (input) => {
      const verdict = planLine(input);
      if (verdict.verdict !== "accepted") return;
      const { url, kind } = verdict;
      expect(url).toMatch(/^https?:\/\/[!-~]+$/);
      expect(url.length).toBeLessThanOrEqual(maximumUrlBytes);
      expect(planLine(url)).toMatchObject({
        line: 1,
        input: url,
        verdict: "accepted",
        url,
        kind,
        // A message quotes what was written.
        warnings: verdict.warnings
          .filter((warning) => !isNormalisation(warning) && !isAboutFragment(warning))
          .map(({ message: _, ...warning }) => warning),
      });
    }),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

test("a line gets a normalisation warning if and only if it is not sent exactly as written", () => {
  fc.assert(
    fc.property(anyLine, (input) => {
      const verdict = planLine(input);
      if (verdict.verdict !== "accepted") return;
      expect(verdict.warnings.some(isNormalisation)).toBe(verdict.url !== input);
    }),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

const wrapped = fc
  .tuple(
    fc.constantFrom(
      "",
      "- ",
      "<loc>",
      '"',
      "„",
      "[a](",
      "Bild: ",
      "| ",
      "view-source:",
      "https://x.example/?u=",
    ),
    fc.array(endpointLine, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", ", ", " ", ";", "|", "\\/", "&amp;", "?v=1", "//", "%2520", "%F6"),
    fc.constantFrom("", ".", ")", "</loc>", '"', "“", " 2x", "\\", "%20", "…", " (Kopie)"),
  )
  .map(([before, urls, between, after]) => before + urls.join(between) + after);

test("a suggestion passes the rules without a caution, and is sent as suggested", () => {
  fc.assert(
    fc.property(fc.oneof(urlLikeLine, wrapped), (input) => {
      const verdict = planLine(input, { onMistake: "send" });
      const remarks = verdict.verdict === "rejected" ? verdict.violations : acceptedLine(input).warnings;
      for (const { suggestion } of remarks) {
        for (const line of suggestion?.split("\n") ?? []) {
          expect(planLine(line)).toMatchObject({ verdict: "accepted", url: line });
          expect(acceptedLine(line).warnings.filter(({ severity }) => severity !== "note")).toEqual([]);
        }
      }
    }),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

test("no message and no suggestion contains the value of a signature", () => {
  const secret = "5ec7e75ec7e7";
  const parameter = fc.constantFrom("ik-s", "ik-t", "%69k-s", "ik%2dt", "IK-S", "%2569k-s");
  const signed = fc
    .tuple(urlLikeLine, fc.constantFrom("?", "&", "?a=b&", "?ik-s=1&"), parameter, urlLikeLine)
    .map(([before, delimiter, name, after]) => `${before}${delimiter}${name}=${secret}&${after}`);
  fc.assert(
    fc.property(
      fc.oneof(
        signed,
        signed.map((line) => `${line}*x`),
      ),
      (input) => {
        const verdict = planLine(input);
        const violations = verdict.verdict === "rejected" ? verdict.violations : [];
        const warnings = verdict.verdict === "accepted" ? verdict.warnings : [];
        expect(JSON.stringify([violations, warnings])).not.toContain(secret);
      },
    ),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

test("an accepted URL is what a browser would request, and is under an endpoint as sent, as written and decoded", () => {
  const roots = endpoints.map(({ host, path }) => `${host}${path}/`);
  const isUnder = (url: URL) => roots.some((root) => `${url.host}${url.pathname}/`.startsWith(root));
  fc.assert(
    fc.property(anyLine, (input) => {
      const verdict = planLine(input);
      if (verdict.verdict !== "accepted") return;
      const sent = new URL(verdict.url);
      expect(sent.href).toBe(verdict.url);
      const written = new URL(input);
      expect(isUnder(sent)).toBe(true);
      expect(written.host.replace(/\.$/, "")).toBe(sent.host);
      expect(isUnder(new URL(verdict.url.replace(/%2e/gi, ".").replace(/%(?:2f|5c)/gi, "/")))).toBe(true);
    }),
    propertyRuns({ all: 10_000, fast: 1000 }),
  );
});

test("a URL whose host or id differs by one letter from an endpoint's is rejected", () => {
  const given = "ik.imagekit.io/demo";
  const letter = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-_~éіо");
  const mutation = fc.tuple(fc.nat(given.length - 1), letter, fc.nat(2)).map(([at, other, how]) => {
    const kept = how === 0 ? at : at + 1;
    return given.slice(0, at) + (how === 2 ? "" : other) + given.slice(kept);
  });
  fc.assert(
    fc.property(mutation, fc.constantFrom("/shoe.jpg", "/images/upload*", "/"), (mutated, rest) => {
      fc.pre(mutated !== given);
      expect(planLine(`https://${mutated}${rest}`).verdict).toBe("rejected");
    }),
    propertyRuns({ all: 3_000, fast: 300 }),
  );
});

const lines = fc.array(fc.oneof({ weight: 6, arbitrary: neighbourLine }, endpointLine, urlLikeLine), {
  maxLength: 30,
});

/** For each line: rejected, sent, or the URL of the wildcard that covers it. */
function outcomes(inputs: readonly string[]): ReadonlyMap<string, string> {
  const verdicts = planLines(inputs, endpoints);
  const urlOf = (line: number) => {
    const verdict = verdicts[line - 1];
    return verdict?.verdict === "accepted" ? verdict.url : "a line that is not sent";
  };
  const outcome = (verdict: LineVerdict): string => {
    if ("of" in verdict) return `sent as ${urlOf(verdict.of)}`;
    if ("by" in verdict) return `covered by ${urlOf(verdict.by)}`;
    if (verdict.verdict === "accepted") return `sent as ${verdict.url}`;
    return verdict.verdict === "rejected" ? JSON.stringify(verdict.violations) : verdict.verdict;
  };
  return new Map(verdicts.map((verdict) => [verdict.input, outcome(verdict)]));
}

test("the order of the lines does not change what happens to each", () => {
  const shuffled = lines.chain((inputs) =>
    fc.tuple(fc.constant(inputs), fc.shuffledSubarray(inputs, { minLength: inputs.length })),
  );
  fc.assert(
    fc.property(shuffled, ([inputs, reordered]) => {
      expect(outcomes(reordered)).toEqual(outcomes(inputs));
    }),
    propertyRuns({ all: 1_000, fast: 100 }),
  );
});

test("lines of another host do not change what happens to a line", () => {
  const elsewhere = fc.array(
    fc.constantFrom("https://bücher.example/images/*", "https://bücher.example/images/a*"),
  );
  fc.assert(
    fc.property(lines, elsewhere, elsewhere, (inputs, before, after) => {
      const together = outcomes([...before, ...inputs, ...after]);
      for (const [input, outcome] of outcomes(inputs)) expect(together.get(input)).toBe(outcome);
    }),
    propertyRuns({ all: 500, fast: 100 }),
  );
});

test("a line is covered if and only if a wildcard on another line covers it, compared one by one", () => {
  fc.assert(
    fc.property(lines, (inputs) => {
      const targets = inputs.map((input) => {
        const reading = readLine(input, endpoints);
        return "target" in reading ? reading.target : undefined;
      });
      const verdicts = planLines(inputs, endpoints, { onMistake: "send" });
      for (const verdict of verdicts) {
        const target = targets[verdict.line - 1];
        expect(verdict.verdict === "rejected").toBe(target === undefined);
        if (target === undefined) continue;
        const covering = targets.filter(
          (other) => other !== undefined && other.url !== target.url && covers(other, target),
        );
        expect(verdict.verdict === "covered").toBe(covering.length > 0);
        if (!("by" in verdict)) continue;
        expect(verdicts[verdict.by - 1]?.verdict).toBe("accepted");
        expect(covering).toContain(targets[verdict.by - 1]);
      }
    }),
    propertyRuns({ all: 1_000, fast: 100 }),
  );
});

test("a duplicate names the first line of its target, which is sent", () => {
  fc.assert(
    fc.property(lines, (once) => {
      const inputs = [...once, ...once];
      const verdicts = planLines(inputs, endpoints);
      const urls = inputs.map((input) => {
        const reading = readLine(input, endpoints);
        return "target" in reading ? reading.target.url : undefined;
      });
      const repeated = verdicts.filter(
        ({ verdict }, index) => index >= once.length && verdict === "duplicate",
      );
      expect(repeated).toHaveLength(
        verdicts.slice(0, once.length).filter(({ verdict }) => /accepted|duplicate/.test(verdict)).length,
      );
      for (const verdict of verdicts) {
        if (verdict.verdict !== "duplicate") continue;
        expect(verdict.of - 1).toBe(urls.indexOf(urls[verdict.line - 1]));
        expect(verdicts[verdict.of - 1]?.verdict).toBe("accepted");
      }
    }),
    propertyRuns({ all: 500, fast: 100 }),
  );
});

test.each([
  ["NUL", "\0"],
  ["slash", "/"],
  ["dots", "../"],
  ["escape", "%25"],
  ["encoded dot", "%2e"],
  ["at", "@"],
  ["colon", ":"],
  ["star", "*"],
  ["half a character", "\ud800"],
  ["signature", "?ik-s="],
])("a line of one megabyte of %s gets a verdict", (_, unit) => {
  const megabyte = unit.repeat(1_000_000 / unit.length);
  for (const input of [megabyte, `https://${megabyte}`, `https://ik.imagekit.io/demo/${megabyte}.jpg*`]) {
    expect(planLine(input).line).toBe(1);
  }
});
