/** What health says is wrong, in words for people: alarms that the ledger stores, and those of each lane. */

import * as z from "zod/mini";
import { toIsoTime } from "../domain/time.ts";
import type { Alarm, Pace } from "./contract.ts";
import { shownOnly } from "./parse-purge.ts";
import { doubtsThatOpen } from "./policy.ts";

const alarmEntry = z.object({
  since: z.number(),
  /** Of `ledger-damaged`: the keys that were lost or contradict others. */
  keys: z.optional(z.array(z.string())),
  /** Of `ledger-rolled-back`: purges that were sent and that the ledger no longer knows. */
  purges: z.optional(z.array(z.string())),
});
type AlarmEntry = z.infer<typeof alarmEntry>;
const storedAlarm = shownOnly(alarmEntry);

/** The stored alarms, and those that the next script to write will store. */
export function ledgerAlarms(
  stored: ReadonlyMap<string, string>,
  more: {
    readonly now: number;
    readonly unstored: readonly { readonly code: string; readonly keys?: readonly string[] }[];
  },
): readonly Alarm[] {
  const alarms = new Map(
    [...stored].map(([code, text]) => [code, storedAlarm.parse(text) ?? { since: more.now }] as const),
  );
  for (const { code, keys = [] } of more.unstored) {
    const known: AlarmEntry = alarms.get(code) ?? { since: more.now };
    alarms.set(code, { ...known, keys: [...new Set([...(known.keys ?? []), ...keys])] });
  }
  return [...alarms].map(([code, entry]) => ({
    code,
    since: entry.since,
    message: `${storedMessages[code] ?? code}${namedIn(entry)}`,
  }));
}

function namedIn({ keys = [], purges = [] }: AlarmEntry): string {
  return [
    keys.length === 0 ? "" : ` Keys: ${keys.join(", ")}.`,
    purges.length === 0
      ? ""
      : ` Sent, and no longer known to the ledger: ${purges.join(", ")} (the log has the rest of each).`,
  ].join("");
}

const storedMessages: Readonly<Record<string, string>> = {
  "ledger-lost":
    "The ledger's database lost its content: what this month cost so far, which purges were open or scheduled, and the profiles of images are no longer known. " +
    "Look up the purges of this month in ImageKit's dashboard and enter them as a correction; enter the profiles again, and submit again what was open.",
  "ledger-damaged":
    "Keys of the ledger's database were lost, or contradict each other, for example after an eviction, a manual change or a partial restore. " +
    "If the budget is among them, nothing is granted; polls go on. Run `npm run repair` in a checkout of Purge Desk, " +
    "with this deployment's settings: it puts open purges back into their queues and counts again. Then compare the " +
    "month's purges in ImageKit's dashboard with what is spent here and enter a correction: that ends this alarm. If " +
    "the profiles are among the keys, enter them again first.",
  "ledger-rolled-back":
    "The ledger's database went back to an earlier state (a failover, a restored backup). What this service remembers " +
    "of the units spent since has been charged, purges it knows to be accepted are not sent again, and sends paused " +
    "for a minute. Purges that nobody remembers may be sent twice, and batches and changes of profiles of those moments " +
    "may be gone. " +
    "Compare the month's purges in ImageKit's dashboard with what is spent here and enter a correction: that ends " +
    "this alarm.",
  "resend-without-budget":
    "A purge whose outcome is unknown should be sent once more, but no unit is free for it. Raise the quota, or " +
    "close the purge (or cancel it, if it is already queued for the resend).",
  abandoned:
    "A purge was given up: the answers to both of its sends were lost, or ImageKit did not say Completed within 24 hours. " +
    "The image may still be stale. See the purges in state abandoned: submit again what still matters, then close " +
    "each; the alarm ends with the last.",
  stale:
    "ImageKit said Completed, and the CDN still serves the old copy of an image, five minutes later. See the purges whose " +
    "edge check ended stale: purge the image again, for one more unit, or ask ImageKit's support with the evidence that the " +
    "purge shows. If a CDN of your own is in front of ImageKit, clear that one first: a purge does not reach it. The alarm " +
    "of each ends with the next purge of its URL, when an operator closes it, or after a day.",
  "unknown-not-resent":
    "The outcome of a purge is unknown, and it is not sent again automatically. Look it up in ImageKit's " +
    "dashboard; then resend it, for one more unit, or close it.",
};

const hourMs = 3_600_000;

/** What is wrong with a lane, in words for people. */
export function paceAlarms(
  lane: "send" | "poll",
  fields: ReadonlyMap<string, string>,
  pace: Pace,
  now: number,
): readonly Alarm[] {
  const what = lane === "send" ? "purge" : "purge status";
  const alarms: Alarm[] = [];
  if (pace.blockedBy !== undefined && pace.blockedSince !== undefined) {
    alarms.push({
      code: `credentials-${lane}`,
      since: pace.blockedSince,
      message:
        `ImageKit answers ${pace.blockedBy} to ${what} requests: check IMAGEKIT_PRIVATE_KEY, what the key may do ` +
        `(${lane === "send" ? "media access: read and write" : "media access: read"}), and the account. ` +
        `Nothing is lost. Next try: ${toIsoTime(pace.probeAt ?? now)}.` +
        // ImageKit does not document its answer when the quota is used up. It may be this one.
        (lane === "send"
          ? " If its message in the purges' timelines mentions the quota, enter a correction."
          : ""),
    });
  }
  const doubtsSince = fields.get("doubtsSince");
  if (doubtsSince !== undefined && Number(fields.get("doubts")) >= doubtsThatOpen) {
    alarms.push({
      code: `answers-lost-${lane}`,
      since: Number(doubtsSince),
      message:
        `ImageKit's answers to ${what} requests were lost several times in a row, and each may have cost a unit. ` +
        `Only one is tried every few minutes, the next at ${toIsoTime(pace.probeAt ?? now)}; all others wait. See ImageKit's ` +
        "status page.",
    });
  }
  if (pace.throttledSince !== undefined && now - pace.throttledSince >= hourMs) {
    alarms.push({
      code: `throttled-${lane}`,
      since: pace.throttledSince,
      message:
        lane === "send"
          ? "ImageKit has answered 429 for an hour. The likely cause: the month's quota was used up elsewhere " +
            "(dashboard, renames with purgeCache). Enter what was spent there as a correction; what does not fit " +
            "is then held until the month turns."
          : "ImageKit has answered 429 to purge status requests for an hour: lower PURGE_POLL_RATE.",
    });
  }
  const trouble = fields.get("trouble");
  const troubleSince = fields.get("troubleSince");
  if (trouble !== undefined && troubleSince !== undefined) {
    const unreachable = fields.get("troubleCode") === "unreachable";
    alarms.push({
      code: `${unreachable ? "unreachable" : "unexpected-answer"}-${lane}`,
      since: Number(troubleSince),
      message: unreachable
        ? `ImageKit cannot be reached for ${what} requests: ${trouble}`
        : `ImageKit answered a ${what} request with something undocumented: "${trouble}". It is tried again. ` +
          "If it says that the quota is used up, enter what was spent elsewhere as a correction.",
    });
  }
  return alarms;
}
