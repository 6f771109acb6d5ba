import { expect, test } from "vitest";
import { systemClock } from "../src/domain/time.ts";
import { createJsonLog, errorFields } from "../src/log.ts";

function logging() {
  const lines: string[] = [];
  const clock = { ...systemClock, now: () => Date.parse("2026-11-15T12:00:00Z") };
  return { lines, log: createJsonLog({ clock, write: (line) => lines.push(line) }) };
}

test("an event is one line of JSON, whatever its fields hold", () => {
  const { lines, log } = logging();
  log("request", { path: '/a\nb\r\u2028"}', status: 200, left: undefined });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/[\n\r]/);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    at: "2026-11-15T12:00:00.000Z",
    event: "request",
    path: '/a\nb\r\u2028"}',
    status: 200,
  });
});

test("what looks like a signature, a token or a key is masked as a last resort", () => {
  const { lines, log } = logging();
  log("odd", {
    url: "https://ik.imagekit.io/demo/a.jpg?ik-t=19&ik-s=0123abcd&tr=w-1",
    list: [`pd_${"x".repeat(43)}`, "private_abcdefgh1234="],
  });
  expect(lines[0]).not.toMatch(/0123abcd|xxxx|abcdefgh1234/);
  expect(lines[0]).toContain("tr=w-1");
});

test("a key so short that it stands in every word does not tear the line apart", () => {
  const lines: string[] = [];
  const log = createJsonLog({
    clock: systemClock,
    write: (line) => lines.push(line),
    secrets: ["x", "longer-key"],
  });
  log("odd", { requestId: "r_x1", text: "of longer-key" });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ requestId: "r_x1", text: "of ***" });
});

test("of an error the causes are told, without a Redis client's command", () => {
  const redis = new Error('NOPERM, command was: [["set","key","secret"]]');
  const fields = errorFields(new TypeError("it failed", { cause: redis }));
  expect(fields["errors"]).toEqual(["TypeError: it failed", "Error: NOPERM"]);
  expect(JSON.stringify(fields)).not.toContain("secret");
});

test("what is thrown and no error is still told", () => {
  expect(errorFields("boom")).toMatchObject({ error: "thrown string" });
});

test("a line has a bounded length, and says that it was cut and of which request it is", () => {
  const { lines, log } = logging();
  log("odd", {
    requestId: "r_1",
    purgeId: "p_1",
    list: Array.from({ length: 100 }, () => "\u0000".repeat(5_000)),
  });
  log("long", { requestId: "r_2", text: "x".repeat(1_000_000) });
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(8_000);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    event: "odd",
    requestId: "r_1",
    purgeId: "p_1",
    cut: true,
  });
  expect(JSON.parse(lines[1] ?? "").text).toHaveLength(1_001);
});

test("nothing in a line can end it, move a terminal's cursor or turn text around", () => {
  const { lines, log } = logging();
  const text = "\u001b[2J \u009b31m \u2028\u2029\u0085 \u202e \ufeff \u{e0001} é 靴";
  log("odd", { text });
  expect(lines[0]).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
  expect(lines[0]).toContain("é 靴");
  expect(JSON.parse(lines[0] ?? "").text).toBe(text);
});

test("secrets of any shape are masked, in values as in lists", () => {
  const lines: string[] = [];
  const log = createJsonLog({
    clock: systemClock,
    write: (line) => lines.push(line),
    secrets: ["odd+secret/9"],
  });
  log("odd", { text: "a odd+secret/9 b", list: ["odd+secret/9"] });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ text: "a *** b", list: ["***"] });
});

test("no part of a secret is left where a text is cut, however often it is repeated", () => {
  const lines: string[] = [];
  const secret = "odd-Key_of+shop/9";
  const log = createJsonLog({
    clock: systemClock,
    write: (line) => lines.push(line),
    secrets: [secret],
  });
  log("odd", { text: secret.repeat(300) });
  expect(lines[0]).not.toContain("odd-");
});
