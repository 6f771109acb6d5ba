import { expect, test } from "vitest";
import { historyOf } from "../../../../src/dashboard/ui/purge-status/history.ts";
import type { Purge, PurgeState } from "../../../../src/domain/purge.ts";
import { clock, plain, purgeWith } from "./purge-fixture.ts";

const sent = { attempts: 1, sentAt: clock("14:02:10") };
const accepted = { ...sent, acceptedAt: clock("14:02:11"), imagekitRequestId: "ik1" };
const endedBy = (by: string, state: PurgeState) => ({
  endedAt: clock("15:00:00"),
  timeline: [{ at: clock("15:00:00"), state, by, note: "" }],
});

const stories: readonly [Partial<Purge> & { readonly state: PurgeState }, string][] = [
  [{ state: "held", units: 0 }, "storefront requested it at 14:02:10. No unit is free for it, so it waits."],
  [{ state: "queued" }, "storefront requested it at 14:02:10. It has not been sent yet."],
  [
    { state: "queued", ...sent, error: { code: "throttled", message: "ImageKit asked to slow down (429)." } },
    "Tried once, at 14:02:10. ImageKit asked to slow down (429).",
  ],
  [
    { state: "queued", ...sent, attempts: 3, error: { code: "credentials", message: "Not the key." } },
    "Tried 3 times, last at 14:02:10. ImageKit did not accept the private key.",
  ],
  [{ state: "queued", ...sent }, "Tried once, at 14:02:10. ImageKit has not received it yet."],
  [
    { state: "queued", ...sent, units: 2 },
    "No usable answer came to the send at 14:02:10. It will be sent once more, for a second unit.",
  ],
  [{ state: "sending", ...sent }, "Sent at 14:02:10. Waiting for ImageKit’s answer."],
  [{ state: "sending", ...sent, attempts: 2 }, "Attempt 2: sent at 14:02:10. Waiting for ImageKit’s answer."],
  [{ state: "pending", ...accepted }, "ImageKit accepted it at 14:02:11, not checked yet."],
  [{ state: "pending", ...accepted, checks: 1 }, "ImageKit accepted it at 14:02:11, checked once."],
  [
    { state: "pending", ...accepted, attempts: 2, units: 2, checks: 2 },
    "No usable answer came to the first send, so it was sent once more. ImageKit accepted it at 14:02:11, checked 2 times.",
  ],
  [
    { state: "overdue", ...accepted, checks: 18 },
    "ImageKit accepted it at 14:02:11, checked 18 times, and it is still not Completed.",
  ],
  [
    { state: "unknown", ...sent, error: { code: "answer-lost", message: "time-out" } },
    "Sent at 14:02:10. No usable answer came. ImageKit may have cleared it already, or may never have received it. Its unit stays spent either way.",
  ],
  [
    { state: "unknown", ...sent, error: { code: "no-request-id", message: "201" } },
    "Sent at 14:02:10. ImageKit accepted it but gave no request id, so its status cannot be checked. Its unit stays spent.",
  ],
  [
    { state: "completed", ...accepted, checks: 4, completedAt: clock("14:05:40") },
    "ImageKit accepted it at 14:02:11, checked 4 times, Completed at 14:05:40.",
  ],
  [
    { state: "completed", ...accepted, attempts: 3, checks: 1, completedAt: clock("14:05:40") },
    "It took 3 attempts. ImageKit accepted it at 14:02:11, checked once, Completed at 14:05:40.",
  ],
  [
    {
      state: "completed",
      ...accepted,
      checks: 1,
      completedAt: clock("14:05:40"),
      edge: { outcome: "fresh", url: "https://ik.imagekit.io/demo/shoe.jpg", tries: 1 },
    },
    "ImageKit accepted it at 14:02:11, checked once, Completed at 14:05:40. A new image is served.",
  ],
  [
    {
      state: "refused",
      ...sent,
      error: { code: "refused", message: "ImageKit refused it: 400: Not yours." },
    },
    "Sent at 14:02:10. ImageKit refused it: 400: Not yours.",
  ],
  [
    { state: "cancelled", units: 0, ...endedBy("ann", "cancelled") },
    "ann cancelled it at 15:00:00, before it was sent.",
  ],
  [
    { state: "cancelled", ...sent, ...endedBy("ann", "cancelled") },
    "ann cancelled the resend at 15:00:00. The result of the first send is not known.",
  ],
  [
    { state: "abandoned", ...accepted, checks: 300, ...endedBy("purge-desk", "abandoned") },
    "ImageKit accepted it at 14:02:11, checked 300 times, and did not say Completed within 24 hours.",
  ],
  [
    { state: "abandoned", ...accepted, checks: 18, ...endedBy("ann", "abandoned") },
    "ImageKit accepted it at 14:02:11, checked 18 times; ann closed it at 15:00:00 before ImageKit said Completed.",
  ],
  [
    { state: "abandoned", ...sent, attempts: 2, ...endedBy("purge-desk", "abandoned") },
    "Sent twice, last at 14:02:10. No usable answer came to either, so Purge Desk gave up.",
  ],
  [
    {
      state: "abandoned",
      ...sent,
      attempts: 2,
      endedAt: clock("15:00:00"),
      timeline: [...endedBy("purge-desk", "abandoned").timeline, ...endedBy("ann", "abandoned").timeline],
    },
    "Sent twice, last at 14:02:10. No usable answer came to either, so Purge Desk gave up.",
  ],
  [
    { state: "abandoned", ...sent, ...endedBy("ann", "abandoned") },
    "Sent at 14:02:10. No usable answer came, and ann closed it at 15:00:00.",
  ],
];

test.each(stories)("%o reads: %s", (more, story) => {
  expect(plain(historyOf(purgeWith(more)))).toBe(story);
});

test("a signature in what ImageKit said is masked", () => {
  const message =
    "ImageKit refused it: https://ik.imagekit.io/demo/a.jpg?ik-t=1900000000&ik-s=0123456789abcdef";
  const purge = purgeWith({ state: "refused", ...sent, error: { code: "refused", message } });
  expect(plain(historyOf(purge))).toContain("a.jpg?ik-t=masked&ik-s=masked");
});
