import { edgeWords, toldEdge } from "../../../domain/edge-words.ts";
import type { Purge } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { isStale, isUnfinished } from "../../../http/answers/support-text.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import type { LedgerPolicy } from "../../../ledger/policy.ts";
import { at, by, type SentenceParts, until } from "../sentence.tsx";
import { waitsUntil } from "../state.tsx";

/** What the next step depends on, besides the purge. */
export type Circumstances = Pick<LedgerHealth, "now" | "budget" | "send" | "poll"> &
  Pick<LedgerPolicy, "resendUnknown"> & {
    /** Who reads it: only an admin can repair the key. */
    readonly reader: "admin" | "other";
    /** The page says already why nothing is sent. */
    readonly isPauseSaid?: true | undefined;
  };

const overdueAfterMs = 15 * 60_000;
const abandonedAfterMs = 24 * 3_600_000;

/** What happens next automatically and when; or, if nothing does, what a person can do. */
export function nextStepOf(purge: Purge, circumstances: Circumstances): SentenceParts {
  const { acceptedAt = purge.createdAt } = purge;
  switch (purge.state) {
    case "held":
      return [
        "It goes out automatically as soon as a unit is free",
        ...(purge.sendAt !== undefined && purge.sendAt > circumstances.now
          ? [", but not before its time, ", at(purge.sendAt)]
          : []),
        ". The month ends ",
        at(circumstances.budget.resetsAt),
        ".",
      ];
    case "queued":
      return sendStep(purge, circumstances);
    case "sending":
      return [
        "ImageKit has 15 seconds to answer. If no answer has arrived ",
        by(purge.nextCheckAt ?? circumstances.now),
        ", it counts as unknown.",
      ];
    case "pending":
      return [
        ...pollStep(purge, circumstances),
        " If ImageKit has not said Completed ",
        by(acceptedAt + overdueAfterMs),
        ", it counts as overdue.",
      ];
    case "overdue":
      return [
        ...pollStep(purge, circumstances),
        " After that, every 5 minutes ",
        until(acceptedAt + abandonedAfterMs),
        ". Meanwhile, send the text below to ImageKit’s support.",
      ];
    case "unknown":
      return resendStep(purge, circumstances);
    case "completed":
      return servedStep(purge, circumstances);
    case "refused":
      return [
        "Nothing happens automatically. Read why ImageKit refused it, and submit a URL that it accepts.",
      ];
    case "cancelled":
      return purge.units > 0
        ? [
            "Nothing happens automatically. The cache may still be stale: to try again, submit it again for another unit.",
          ]
        : ["Nothing happens automatically. To clear it after all, submit it again."];
    case "abandoned":
      return [
        isUnfinished(purge)
          ? "Nothing happens automatically. Send the text to ImageKit’s support, or submit it again for another unit."
          : "Nothing happens automatically. The cache may still be stale: to try again, submit it again for another unit.",
        ...(purge.alarm === undefined ? [] : [" It is an alarm until an admin closes it."]),
      ];
  }
}

/** What is read at the CDN next, or what to do about what was seen there. */
function servedStep({ edge, alarm }: Purge, { now }: Circumstances): SentenceParts {
  if (edge === undefined) return ["Nothing more. If the content changes again, submit it again."];
  if (edge.outcome === "waiting") {
    const { nextAt = now } = edge;
    const when = nextAt > now ? [at(nextAt)] : ["within a minute"];
    return ["Purge Desk reads at the CDN what the URL serves ", ...when, "."];
  }
  const { advice = "Nothing more. If the content changes again, submit it again." } = edgeWords(
    toldEdge(edge, alarm),
  );
  return alarm === undefined
    ? [advice]
    : [
        `${advice} It is an alarm until a newer purge of this URL, until an admin closes it, or for 24 hours.`,
      ];
}

function sendStep(purge: Purge, circumstances: Circumstances): SentenceParts {
  const { now } = circumstances;
  const { nextCheckAt = now } = purge;
  const waiting = waitsUntil(purge, now);
  if (waiting !== undefined) return waitStep(purge, waiting);
  const pause = sendingPause(circumstances);
  if (pause !== undefined) {
    return circumstances.isPauseSaid
      ? ["It is sent automatically when the pause named above is over."]
      : pause;
  }
  return nextCheckAt > now
    ? ["It is sent again automatically ", at(nextCheckAt), "."]
    : ["It is sent automatically within a minute, as fast as ImageKit’s rate limit allows."];
}

function waitStep({ isScheduled }: Purge, until: EpochMs): SentenceParts {
  return isScheduled === true
    ? ["It is sent automatically ", at(until), ", as scheduled. Until then it can be cancelled."]
    : [
        "It is sent automatically ",
        at(until),
        ". Until then, requests for the same URL share it, and one that does not wait sends it at once.",
      ];
}

/** Why nothing is sent at the moment, and until when. */
export function sendingPause({
  now,
  budget,
  send,
  reader,
}: Omit<Circumstances, "resendUnknown">): SentenceParts | undefined {
  if (send.blockedBy !== undefined) {
    const key = `ImageKit does not accept the private key (${send.blockedBy}). Nothing is sent until it does, and nothing is lost. ${repairWords(reader)}`;
    return [
      key,
      ...(send.probeAt === undefined ? [] : [" Next try: ", at(Math.max(now, send.probeAt)), "."]),
    ];
  }
  if (budget.available < 0) {
    return [
      "Nothing is sent: more units are spent than the budget allows. The month ends ",
      at(budget.resetsAt),
      ".",
    ];
  }
  if (send.probeAt !== undefined && send.probeAt > now) {
    return [
      "ImageKit’s answers do not arrive, so only one purge is tried every few minutes. Next try: ",
      at(send.probeAt),
      ".",
    ];
  }
  const { notBefore = 0 } = send;
  if (notBefore > now) {
    return ["ImageKit asked for a pause ", until(notBefore), ". Sending then resumes automatically."];
  }
  return undefined;
}

function repairWords(reader: Circumstances["reader"]): string {
  return reader === "admin"
    ? "Check IMAGEKIT_PRIVATE_KEY and its permissions."
    : "Only an admin can repair that: tell one.";
}

/**
 * The alarms that these sentences explain too, for purges in these states: a page that shows the sentences need not show
 * those as well.
 */
export function alarmsExplained(
  purges: readonly Purge[],
  { now, send, poll }: Pick<Circumstances, "now" | "send" | "poll">,
): readonly string[] {
  const are = (...states: readonly Purge["state"][]) => purges.some(({ state }) => states.includes(state));
  const isSendSaid = are("queued");
  return [
    ...(isSendSaid && send.blockedBy !== undefined ? ["credentials-send"] : []),
    ...(isSendSaid && send.blockedBy === undefined && (send.probeAt ?? 0) > now ? ["answers-lost-send"] : []),
    ...(purges.some(isStale) ? ["stale"] : []),
    ...(are("pending", "overdue") && poll.blockedBy !== undefined ? ["credentials-poll"] : []),
  ];
}

function pollStep({ nextCheckAt }: Purge, { now, poll, reader }: Circumstances): SentenceParts {
  if (poll.blockedBy !== undefined) {
    const key = `ImageKit does not accept the private key for status checks (${poll.blockedBy}). ${repairWords(reader)}`;
    return [
      key,
      ...(poll.probeAt === undefined ? [] : [" Next try: ", at(Math.max(now, poll.probeAt)), "."]),
    ];
  }
  const due = Math.max(nextCheckAt ?? now, poll.notBefore ?? 0);
  return due > now ? ["Next status check: ", at(due), "."] : ["Next status check: within a minute."];
}

function resendStep(purge: Purge, { now, budget, resendUnknown }: Circumstances): SentenceParts {
  const { error, nextCheckAt = now } = purge;
  if (resendUnknown === "never" || error?.code === "no-request-id") {
    return ["Nothing happens automatically. An admin can resend it for one more unit, or close it."];
  }
  if (budget.available < 1) {
    return [
      "It is resent once, as soon as a unit is free. None is left; the month ends ",
      at(budget.resetsAt),
      ".",
    ];
  }
  return nextCheckAt > now
    ? ["It is resent automatically ", at(nextCheckAt), ", once, for one more unit."]
    : ["It is resent automatically within a minute, once, for one more unit."];
}
