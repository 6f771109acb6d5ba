import { expect, test } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { readableLine } from "../../src/local/readable-log.ts";
import { createJsonLog, type LogFields } from "../../src/log.ts";

const at = new Date(2026, 10, 15, 9, 5, 7).getTime();
const purgeId = "p_01jcqm8r0abcdefghjkmnpqrst";
const requestId = "r_01jcqm8r0abcdefghjkmnp0001";

/** An event as the JSON log writes it, made readable. */
function readable(event: string, fields: LogFields = {}): string {
  let written = "";
  const write = (line: string) => {
    written = line;
  };
  createJsonLog({ clock: { ...systemClock, now: () => at }, write })(event, fields);
  return readableLine(written);
}

test.each<[string, LogFields, string]>([
  [
    "request",
    { requestId, method: "POST", path: "/api/purges", status: 202, actor: "shop", durationMs: 35 },
    "09:05:07  info   POST /api/purges 202 (35 ms)  for shop  r_…np0001",
  ],
  [
    "request",
    { requestId, method: "GET", path: "/api/budget", status: 401, code: "unauthorized", durationMs: 1 },
    "09:05:07  warn   GET /api/budget 401 (1 ms)  r_…np0001  code=unauthorized",
  ],
  ["request", { method: "GET", path: "/", status: 503, durationMs: 2 }, "09:05:07  error  GET / 503 (2 ms)"],
  [
    "purge",
    { purgeId, actor: "shop", state: "pending", by: "imagekit", cause: "ImageKit accepted it." },
    "09:05:07  info   purge pending: ImageKit accepted it.  for shop  p_…npqrst",
  ],
  [
    "purge",
    { state: "cancelled", by: "cms", actor: "shop", cause: "Cancelled." },
    "09:05:07  info   purge cancelled: Cancelled.  for shop  by=cms",
  ],
  [
    "imagekit-send",
    { purgeId, outcome: "unknown", cause: "time-out", durationMs: 15_000 },
    "09:05:07  debug  imagekit send (15000 ms): unknown, time-out  p_…npqrst",
  ],
  [
    "edge-check",
    { purgeId, outcome: "fresh", try: 1, durationMs: 11 },
    "09:05:07  debug  edge check (11 ms): fresh  p_…npqrst  try=1",
  ],
  [
    "edge-check",
    { purgeId, outcome: "stale", try: 3, durationMs: 11 },
    "09:05:07  warn   edge check (11 ms): stale  p_…npqrst  try=3",
  ],
  [
    "sweep",
    { durationMs: 9, report: '{"poll-pending":2}' },
    '09:05:07  info   sweep (9 ms): {"poll-pending":2}',
  ],
  [
    "ledger-unavailable",
    { errors: ["LedgerUnavailable: Redis cannot be reached", "Error: refused"], stack: ["at x"] },
    "09:05:07  error  ledger unavailable: LedgerUnavailable: Redis cannot be reached ← Error: refused",
  ],
])("an event %s of %j is one line for people", (event, fields, line) => {
  expect(readable(event, fields)).toBe(line);
});

test.each(["held", "overdue", "unknown", "refused", "abandoned"])(
  "a purge that became %s is a warning",
  (state) => {
    expect(readable("purge", { state, cause: "Why." })).toContain("  warn   ");
  },
);

test("nothing that a caller wrote moves the cursor, turns text around or makes a second line", () => {
  const hostile = "a\u001b[2Jb\nc\u202ed\u2028e\u{e0001}f\u009bg";
  for (const fields of [{ path: hostile }, { actor: hostile }, { batchId: hostile }, { other: [hostile] }]) {
    expect(readable("request", fields)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  }
  expect(readable("request", { path: hostile })).toContain("a\\u001b[2Jb\\u000ac\\u202ed");
});

test("what the log masks stays masked", () => {
  const line = readable("odd", {
    url: "https://ik.imagekit.io/demo/a.jpg?ik-s=0123abcd",
    text: `pd_${"x".repeat(43)}`,
  });
  expect(line).not.toMatch(/0123abcd|xxxx/);
});

test("the level is coloured where colour is wanted, and nothing else is", () => {
  const line = '{"at":"2026-11-15T12:00:00.000Z","event":"failed"}';
  const painted = readableLine(line, { paint: (level, text) => `<${level}>${text}</>` });
  expect(painted).toMatch(/^\d\d:\d\d:\d\d {2}<error>error<\/> {2}failed$/);
});

test("a line that is no event is handed on as it is", () => {
  for (const line of ["plain", "{", '{"at":"yesterday","event":"x"}']) expect(readableLine(line)).toBe(line);
});
