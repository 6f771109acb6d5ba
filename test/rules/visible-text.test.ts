import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleText } from "../../src/rules/visible-text.ts";

test.each([
  ["a right-to-left override", "cat\u202egpj.exe", "cat‹U+202E›gpj.exe"],
  ["isolates", "\u2066a\u2069", "‹U+2066›a‹U+2069›"],
  ["a null and an escape", "a\u0000\u001b[31mb", "a‹U+0000›‹U+001B›[31mb"],
  ["a zero-width space", "a\u200bb", "a‹U+200B›b"],
  ["a tag", "a\u{e0041}b", "a‹U+E0041›b"],
  ["a line separator", "a\u2028b", "a‹U+2028›b"],
  ["letters that show nothing", "a\u3164\u115f\u1160\uffa0b", "a‹U+3164›‹U+115F›‹U+1160›‹U+FFA0›b"],
  ["half a pair", "a\ud800b", "a‹U+D800›b"],
  ["tabs and line ends", "a\tb\r\nc", "a b  c"],
  ["joined emoji and Persian", "👩‍💻 می‌خواهم", "👩‍💻 می‌خواهم"],
])("visible text shows %s without changing the text around it", (_, text, visible) => {
  expect(visibleText(text)).toBe(visible);
});

test("visible text has no character that hides or reverses text, and a second pass changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const visible = visibleText(text);
      expect(visible.replace(/[\u200c\u200d]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(visibleText(visible)).toBe(visible);
    }),
  );
});
