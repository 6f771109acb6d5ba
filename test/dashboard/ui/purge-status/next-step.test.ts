import { expect, test } from "vitest";
import { type Circumstances, nextStepOf } from "../../../../src/dashboard/ui/purge-status/next-step.ts";
import { type Purge, type PurgeState, purgeStates } from "../../../../src/domain/purge.ts";
import { clock, plain, purgeWith } from "./purge-fixture.ts";

const budget = {
  month: "2026-11",
  quota: 1_000,
  margin: 0,
  spent: 15,
  reserved: 0,
  external: 0,
  available: 985,
  held: 0,
  resetsAt: Date.parse("2026-12-01T00:00:00Z"),
};
const ordinary: Circumstances = {
  now: clock("14:03:00"),
  budget,
  send: {},
  poll: {},
  resendUnknown: "once",
  reader: "admin",
};
const spent = { budget: { ...budget, spent: 1_000, available: 0 } };
const accepted = { acceptedAt: clock("14:02:11"), imagekitRequestId: "ik1" };
const check = { url: "https://ik.imagekit.io/demo/shoe.jpg", tries: 1 } as const;
const soon = { nextCheckAt: clock("14:03:20") };

type Row = readonly [Partial<Purge> & { readonly state: PurgeState }, Partial<Circumstances>, string];
const steps: readonly Row[] = [
  [
    { state: "held" },
    {},
    "It goes out automatically as soon as a unit is free. The month ends at 12-01T00:00:00.",
  ],
  [
    { state: "queued" },
    {},
    "It is sent automatically within a minute, as fast as ImageKit’s rate limit allows.",
  ],
  [{ state: "queued", ...soon }, {}, "It is sent again automatically at 14:03:20."],
  [
    { state: "queued" },
    { send: { notBefore: clock("14:03:30"), throttledSince: clock("14:02:30") } },
    "ImageKit asked for a pause until 14:03:30. Sending then resumes automatically.",
  ],
  [
    { state: "queued" },
    { send: { blockedBy: 401, probeAt: clock("14:05:00") } },
    "ImageKit does not accept the private key (401). Nothing is sent until it does, and nothing is lost. Check IMAGEKIT_PRIVATE_KEY and its permissions. Next try: at 14:05:00.",
  ],
  [
    { state: "queued" },
    { send: { blockedBy: 401 }, reader: "other" },
    "ImageKit does not accept the private key (401). Nothing is sent until it does, and nothing is lost. Only an admin can repair that: tell one.",
  ],
  [
    { state: "queued" },
    { send: { blockedBy: 401 }, isPauseSaid: true },
    "It is sent automatically when the pause named above is over.",
  ],
  [
    { state: "queued" },
    { send: { probeAt: clock("14:05:00") } },
    "ImageKit’s answers do not arrive, so only one purge is tried every few minutes. Next try: at 14:05:00.",
  ],
  [
    { state: "queued" },
    { budget: { ...budget, available: -1 } },
    "Nothing is sent: more units are spent than the budget allows. The month ends at 12-01T00:00:00.",
  ],
  [
    { state: "sending", nextCheckAt: clock("14:04:00") },
    {},
    "ImageKit has 15 seconds to answer. If no answer has arrived by 14:04:00, it counts as unknown.",
  ],
  [
    { state: "pending", ...accepted, ...soon },
    {},
    "Next status check: at 14:03:20. If ImageKit has not said Completed by 14:17:11, it counts as overdue.",
  ],
  [
    { state: "pending", ...accepted, nextCheckAt: clock("14:02:20") },
    {},
    "Next status check: within a minute. If ImageKit has not said Completed by 14:17:11, it counts as overdue.",
  ],
  [
    { state: "pending", ...accepted, ...soon },
    { poll: { blockedBy: 403 } },
    "ImageKit does not accept the private key for status checks (403). Check IMAGEKIT_PRIVATE_KEY and its permissions. If ImageKit has not said Completed by 14:17:11, it counts as overdue.",
  ],
  [
    { state: "overdue", ...accepted, ...soon },
    {},
    "Next status check: at 14:03:20. After that, every 5 minutes until 11-25T14:02:11. Meanwhile, send the text below to ImageKit’s support.",
  ],
  [{ state: "unknown", ...soon }, {}, "It is resent automatically at 14:03:20, once, for one more unit."],
  [{ state: "unknown" }, {}, "It is resent automatically within a minute, once, for one more unit."],
  [
    { state: "unknown", ...soon },
    spent,
    "It is resent once, as soon as a unit is free. None is left; the month ends at 12-01T00:00:00.",
  ],
  [
    { state: "unknown", ...soon },
    { resendUnknown: "never" },
    "Nothing happens automatically. An admin can resend it for one more unit, or close it.",
  ],
  [
    { state: "unknown", ...soon, error: { code: "no-request-id", message: "201" } },
    {},
    "Nothing happens automatically. An admin can resend it for one more unit, or close it.",
  ],
  [{ state: "completed", ...accepted }, {}, "Nothing more. If the content changes again, submit it again."],
  [
    { state: "completed", ...accepted, edge: { ...check, outcome: "waiting", nextAt: clock("14:04:00") } },
    {},
    "Purge Desk reads at the CDN what the URL serves at 14:04:00.",
  ],
  [
    { state: "completed", ...accepted, edge: { ...check, outcome: "waiting", nextAt: clock("14:02:59") } },
    {},
    "Purge Desk reads at the CDN what the URL serves within a minute.",
  ],
  [
    { state: "completed", ...accepted, edge: { ...check, outcome: "unchanged" } },
    {},
    "Check that the new image was uploaded to this path before the purge. Then purge again.",
  ],
  [
    { state: "completed", ...accepted, edge: { ...check, outcome: "stale" }, alarm: "stale" },
    {},
    "Purge again, for one more unit, or send ImageKit's support the mail that this purge carries: it quotes what was seen. If a CDN of your own is in front of ImageKit, clear that one first: a purge does not reach it. It is an alarm until a newer purge of this URL, until an admin closes it, or for 24 hours.",
  ],
  [
    { state: "completed", ...accepted, edge: { ...check, outcome: "stale" } },
    {},
    "Nothing to do now: the URL was purged again, an admin closed this, or a day has passed. Open the URL to see which image it shows.",
  ],
  [
    { state: "refused" },
    {},
    "Nothing happens automatically. Read why ImageKit refused it, and submit a URL that it accepts.",
  ],
  [
    { state: "cancelled", units: 1 },
    {},
    "Nothing happens automatically. The cache may still be stale: to try again, submit it again for another unit.",
  ],
  [
    { state: "cancelled", units: 0 },
    {},
    "Nothing happens automatically. To clear it after all, submit it again.",
  ],
  [
    { state: "abandoned", ...accepted },
    {},
    "Nothing happens automatically. Send the text to ImageKit’s support, or submit it again for another unit.",
  ],
  [
    { state: "abandoned" },
    {},
    "Nothing happens automatically. The cache may still be stale: to try again, submit it again for another unit.",
  ],
  [
    { state: "abandoned", alarm: "abandoned" },
    {},
    "Nothing happens automatically. The cache may still be stale: to try again, submit it again for another unit. It is an alarm until an admin closes it.",
  ],
];

test.each(steps)("%o with %o: %s", (more, circumstances, step) => {
  expect(plain(nextStepOf(purgeWith(more), { ...ordinary, ...circumstances }))).toBe(step);
});

test("every state has its next step in the table", () => {
  expect(new Set(steps.map(([{ state }]) => state))).toEqual(new Set(purgeStates));
});
