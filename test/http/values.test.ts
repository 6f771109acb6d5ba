import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Purge } from "../../src/domain/purge.ts";
import { unfinishedSupport } from "../../src/http/answers/support-text.ts";
import { purgeView } from "../../src/http/answers/views.ts";
import { decodeCursor, encodeCursor } from "../../src/http/requests/cursor.ts";
import { appliedWait, preferredWait } from "../../src/http/requests/prefer.ts";

describe("Prefer", () => {
  test.each([
    ["wait=20", 20],
    ["wait=0", 0],
    ["WAIT = 7", 7],
    ['wait="9"', 9],
    ["wait=26", 25],
    ["wait=999999999", 25],
    ["respond-async, wait=5", 5],
    ["foo=1; bar=2, wait=5; x=y", 5],
    ["wait=3, wait=9", 3],
    ["wait=abc, wait=9", undefined],
    ['a="b, wait=9"; c="d;, wait=8", wait=5', 5],
    ['a="say \\"hi\\", wait=9", wait=5', 5],
    ['wait="\\9"; x="y, z"', 9],
    ['wait=" 9"', undefined],
    ['wait="9', undefined],
    ['a="never ends, wait=9', undefined],
    ["wait=5=6", undefined],
    ["wait=5 6", undefined],
    ["wait=", undefined],
    [`wait=5, ${"x".repeat(1_000)}`, undefined],
    ["wait=-1", undefined],
    ["wait=1.5", undefined],
    ["wait", undefined],
    ["await=3", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("Prefer: %j waits %j seconds", (header, seconds) => {
    expect(preferredWait(header)?.seconds).toBe(seconds);
  });

  test.each([
    ["wait=20; until=checked", "wait=20; until=checked"],
    ["respond-async, wait=20;until=checked, foo", "wait=20; until=checked"],
    ['WAIT=60 ; UNTIL = "Checked"; x', "wait=25; until=checked"],
    ["wait=0; x=y; until=checked", "wait=0; until=checked"],
    ["wait=20; until=done", "wait=20"],
    ["wait=20; until=done; until=checked", "wait=20"],
    ["wait=20; until=checked; until=done", "wait=20; until=checked"],
    ["wait=20; until=fresh", "wait=20"],
    ["wait=20; until", "wait=20"],
    ["wait=20; until=checked=checked", "wait=20"],
    ['wait=20; until="checked', "wait=20"],
    ['wait=20; x="; until=checked"', "wait=20"],
    ["wait=20, until=checked", "wait=20"],
    ["until=checked, wait=20", "wait=20"],
    ["until=checked", undefined],
    ["wait=x; until=checked", undefined],
  ])("Prefer: %j is applied as %j", (header, applied) => {
    const wait = preferredWait(header);
    expect(wait && appliedWait(wait)).toBe(applied);
  });

  test("any Prefer header is either understood or ignored", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const { seconds, until } = preferredWait(header) ?? { seconds: 0, until: "done" };
        return seconds >= 0 && seconds <= 25 && ["done", "checked"].includes(until);
      }),
    );
  });
});

describe("a cursor", () => {
  const id = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";

  test("a cursor decodes to what was encoded", () => {
    fc.assert(
      fc.property(fc.nat({ max: 4_000_000_000_000 }), (createdAt) => {
        expect(decodeCursor(encodeCursor({ createdAt, id }))).toEqual({ createdAt, id });
      }),
    );
  });

  test("a cursor that was not made here is rejected", () => {
    fc.assert(fc.property(fc.string(), (text) => decodeCursor(text) === undefined));
    for (const inside of [`1/${id}/`, `x/${id}`, `-1/${id}`, `1/${id.slice(1)}`, "1/", `1/${id}\n`]) {
      expect(decodeCursor(btoa(inside).replaceAll("=", ""))).toBeUndefined();
    }
  });
});

describe("an overdue purge", () => {
  const purge: Purge = {
    id: "p_01kaq3h8x0fj7m2k9t4v6w8y0z",
    batchId: "b_01kaq3h8x0fj7m2k9t4v6w8y0z",
    lines: [1],
    url: "https://ik.imagekit.io/demo/shoe.jpg?ik-t=1900000000&ik-s=0123456789abcdef",
    kind: "exact",
    state: "overdue",
    imagekitRequestId: "598821f949c0a938d57563bd",
    units: 1,
    attempts: 1,
    checks: 9,
    actor: "shop",
    createdAt: Date.parse("2026-11-15T12:00:00Z"),
    sentAt: Date.parse("2026-11-15T12:00:01Z"),
    acceptedAt: Date.parse("2026-11-15T12:00:02Z"),
    timeline: [],
    batches: [],
  };

  test("an overdue purge has a support mail that names URL, ImageKit's id and times, and no signature", () => {
    const { support } = purgeView(purge);
    for (const part of [
      "ik.imagekit.io/demo/shoe.jpg",
      "598821f949c0a938d57563bd",
      "2026-11-15T12:00:02.000Z",
    ]) {
      expect(support?.body).toContain(part);
    }
    expect(JSON.stringify(support)).not.toContain("0123456789abcdef");
    const mail = new URL(support?.mailto ?? "");
    expect(mail.pathname).toBe("support@imagekit.io");
    expect(mail.searchParams.get("body")).toBe(support?.body.replaceAll("\n", "\r\n"));
  });

  test("several overdue purges share one support mail", () => {
    const mail = unfinishedSupport([purge, { ...purge, url: "https://ik.imagekit.io/demo/boot.jpg" }]);
    expect(mail.subject).toContain("2 purge requests");
    expect(mail.body).toContain("boot.jpg");
  });

  test("only overdue purges, and those abandoned after ImageKit accepted them, have a support mail", () => {
    const supportOf = (change: Partial<Purge>) => purgeView({ ...purge, ...change }).support;
    expect(supportOf({ state: "pending" })).toBeNull();
    expect(supportOf({ state: "completed" })).toBeNull();
    expect(supportOf({ state: "abandoned" })).not.toBeNull();
    expect(supportOf({ state: "abandoned", imagekitRequestId: undefined })).toBeNull();
  });
});
