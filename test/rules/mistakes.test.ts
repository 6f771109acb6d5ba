import { expect, test } from "vitest";
import { isAcceptedMistake, isRefusedAsMistake } from "../../src/domain/verdict.ts";
import { acceptedLine, rejectedLine } from "./plan-line.ts";

test.each([
  "https://ik.imagekit.io/demo",
  "https://ik.imagekit.io/demo/",
  "https://ik.imagekit.io/demo/pattern",
  "https://images.shop.example/",
])("the URL endpoint itself is refused as a mistake, and sent with a warning if asked for: %s", (input) => {
  const refused = rejectedLine(input);
  expect(refused.violations.map(({ code }) => code)).toEqual(["probably-a-mistake"]);
  expect(isRefusedAsMistake(refused)).toBe(true);
  const sent = acceptedLine(input);
  expect(sent).toMatchObject({ url: input, warnings: [{ code: "endpoint-itself", severity: "mistake" }] });
  expect(isAcceptedMistake(sent)).toBe(true);
});

test("a line that breaks a rule is not refused merely as a mistake", () => {
  expect(isRefusedAsMistake(rejectedLine("https://ik.imagekit.io/demo/*"))).toBe(false);
});
