import fc from "fast-check";
import { expect, test } from "vitest";
import { secretMask } from "../../src/domain/secrets.ts";
import { systemClock } from "../../src/domain/time.ts";
import { createJsonLog } from "../../src/log.ts";

/** Forms in which a secret travels, and which of their characters stand for nothing but the secret. */
const base64 = (before: string, secret: string, after: string) => ({
  text: Buffer.from(before + secret + after).toString("base64"),
  from: Math.ceil((before.length * 8) / 6),
  to: Math.floor(((before.length + secret.length) * 8) / 6),
});
const asIs = (text: string) => ({ text, from: 0, to: text.length });

const secret = fc.string({ unit: "grapheme-ascii", minLength: 12, maxLength: 60 });
const around = fc.string({ unit: "grapheme-ascii", maxLength: 40 });
const said = fc.tuple(secret, around, around).chain(([key, before, after]) => {
  const forms = [
    asIs(key),
    asIs(encodeURIComponent(key)),
    asIs(JSON.stringify(key).slice(1, -1)),
    base64("", key, ""),
    base64("", key, ":"),
    base64(before, key, after),
  ];
  const urlSafe = forms.map((each) => ({
    ...each,
    text: each.text.replaceAll("+", "-").replaceAll("/", "_"),
  }));
  return fc.record({
    key: fc.constant(key),
    form: fc.constantFrom(...forms, ...urlSafe.slice(3)),
    /** Where somebody else had cut it before. */
    cut: fc.tuple(fc.nat(80), fc.nat(80)),
    before: around,
    after: around,
    /** Where the log cuts it. */
    filler: fc.constantFrom(0, 950, 3_900, 3_990),
  });
});

/** Texts of 8 characters that stand for nothing but the secret. */
function runsOf({ text, from, to }: ReturnType<typeof asIs>, [left, right]: readonly [number, number]) {
  const [begin, end] = [from + left, to - right];
  return Array.from({ length: Math.max(0, end - begin - 7) }, (_, n) => text.slice(begin + n, begin + n + 8));
}

test("no 8 characters of a secret are logged, in any form, wherever they stand and were cut", () => {
  fc.assert(
    fc.property(said, ({ key, form, cut, before, after, filler }) => {
      const lines: string[] = [];
      const log = createJsonLog({ clock: systemClock, write: (line) => lines.push(line), secrets: [key] });
      const part = form.text.slice(cut[0], form.text.length - cut[1]);
      log("odd", { text: " ".repeat(filler) + before + part + after, list: [part] });
      const { text, list } = JSON.parse(lines[0] ?? "");
      for (const run of runsOf(form, cut)) {
        // What stood around it anyhow is no leak.
        if ((before + after).includes(run)) continue;
        expect(text).not.toContain(run);
        expect(list[0]).not.toContain(run);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("what is no secret stays as it is", () => {
  const mask = secretMask(["private_s3cretOfTheShop+/9", "x", ""]);
  const text =
    "Your request contains an invalid private_ key x for https://ik.imagekit.io/shop/shoe.jpg?tr=w-400";
  expect(mask(text)).toBe(text);
});

test.each([
  ["Basic credentials", "sent Basic dXNlcjpwYXNzd29yZA== to it", "sent Basic *** to it"],
  ["a bearer token", "Authorization: Bearer abc.def-123_xyz~", "Authorization: Bearer ***"],
  ["a token of ours, cut", "token pd_abcdefgh", "token pd_***"],
])("%s of strangers are masked, too", (_, text, masked) => {
  const lines: string[] = [];
  createJsonLog({ clock: systemClock, write: (line) => lines.push(line) })("odd", { text });
  expect(JSON.parse(lines[0] ?? "").text).toBe(masked);
});
