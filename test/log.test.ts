import { expect, test } from "vitest";
import { createJsonLog, errorFields } from "../src/log.ts";
import { systemClock } from "../src/time.ts";

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

test("of an error the causes are told, without a Redis client's command", () => {
  const redis = new Error('NOPERM, command was: [["set","key","secret"]]');
  const fields = errorFields(new TypeError("it failed", { cause: redis }));
  expect(fields["errors"]).toEqual(["TypeError: it failed", "Error: NOPERM"]);
  expect(JSON.stringify(fields)).not.toContain("secret");
});

test("what is thrown and no error is still told", () => {
  expect(errorFields("boom")).toMatchObject({ error: "thrown string" });
});
