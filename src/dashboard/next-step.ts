import { isUnfinished } from "../http/support-text.ts";
import type { LedgerHealth } from "../ledger/contract.ts";
import type { LedgerPolicy } from "../ledger/policy.ts";
import type { Purge } from "../purge.ts";
import { at, by, type Prose, until } from "./parts/prose.tsx";

/** What the next step of a purge depends on beside the purge. */
export type Circumstances = Pick<LedgerHealth, "now" | "budget" | "send" | "poll"> &
  Pick<LedgerPolicy, "resendUnknown">;

const overdueAfterMs = 15 * 60_000;
const abandonedAfterMs = 24 * 3_600_000;

/** What happens next by itself and when, or what a person may do where nothing does. */
export function nextStepOf(purge: Purge, circumstances: Circumstances): Prose {
  const { acceptedAt = purge.createdAt } = purge;
  switch (purge.state) {
    case "held":
      return [
        "It goes out by itself as soon as a unit is free; the month turns ",
        at(circumstances.budget.resetsAt),
        ".",
      ];
    case "queued":
      return sendStep(purge, circumstances);
    case "sending":
      return [
        "ImageKit has 15 seconds to answer. If no answer is known ",
        by(purge.nextCheckAt ?? circumstances.now),
        ", it counts as unknown.",
      ];
    case "pending":
      return [
        ...pollStep(purge, circumstances),
        " If it is not Completed ",
        by(acceptedAt + overdueAfterMs),
        ", it counts as overdue.",
      ];
    case "overdue":
      return [
        ...pollStep(purge, circumstances),
        " Then every 5 minutes ",
        until(acceptedAt + abandonedAfterMs),
        ". Meanwhile send ImageKit’s support the text.",
      ];
    case "unknown":
      return resendStep(purge, circumstances);
    case "completed":
      return ["Nothing more. When the content changes again, submit it again."];
    case "refused":
      return ["Nothing by itself. See why ImageKit refused it, and submit a URL that it takes."];
    case "cancelled":
      return purge.units > 0
        ? ["Nothing by itself. The cache may still be stale: submit it again, for another unit."]
        : ["Nothing by itself. Submit it again if it is to be cleared after all."];
    case "abandoned":
      return [
        isUnfinished(purge)
          ? "Nothing by itself. Send ImageKit’s support the text, or submit it again, for another unit."
          : "Nothing by itself. The cache may still be stale: submit it again, for another unit.",
        ...(purge.alarm === undefined ? [] : [" It is an alarm until an admin closes it."]),
      ];
  }
}

function sendStep(purge: Purge, circumstances: Circumstances): Prose {
  const { now } = circumstances;
  const { nextCheckAt = now } = purge;
  return (
    sendingPause(circumstances) ??
    (nextCheckAt > now
      ? ["It is sent again by itself ", at(nextCheckAt), "."]
      : ["It is sent by itself within a minute, as fast as ImageKit’s pace allows."])
  );
}

/** Why nothing at all is sent just now, and until when. */
export function sendingPause({ now, budget, send }: Omit<Circumstances, "resendUnknown">): Prose | undefined {
  if (send.blockedBy !== undefined) {
    const key = `ImageKit does not accept the private key (${send.blockedBy}). Nothing is sent until it does, and nothing is lost: check IMAGEKIT_PRIVATE_KEY and what it may do.`;
    return [
      key,
      ...(send.probeAt === undefined ? [] : [" The next try is ", at(Math.max(now, send.probeAt)), "."]),
    ];
  }
  if (budget.available < 0) {
    return ["Nothing is sent: more is spent than the budget has. The month turns ", at(budget.resetsAt), "."];
  }
  if (send.probeAt !== undefined && send.probeAt > now) {
    return [
      "ImageKit’s answers get lost, so only one purge is tried every few minutes; the next ",
      at(send.probeAt),
      ".",
    ];
  }
  const { notBefore = 0 } = send;
  if (notBefore > now) {
    return ["ImageKit asked for a pause ", until(notBefore), ". Sending goes on by itself after that."];
  }
  return undefined;
}

function pollStep({ nextCheckAt }: Purge, { now, poll }: Circumstances): Prose {
  if (poll.blockedBy !== undefined) {
    const key = `ImageKit does not accept the private key for status checks (${poll.blockedBy}).`;
    return [
      key,
      ...(poll.probeAt === undefined ? [] : [" The next try is ", at(Math.max(now, poll.probeAt)), "."]),
    ];
  }
  const due = Math.max(nextCheckAt ?? now, poll.notBefore ?? 0);
  return due > now
    ? ["ImageKit is asked again ", at(due), "."]
    : ["ImageKit is asked again within a minute."];
}

function resendStep(purge: Purge, { now, budget, resendUnknown }: Circumstances): Prose {
  const { error, nextCheckAt = now } = purge;
  if (resendUnknown === "never" || error?.code === "no-request-id") {
    return ["Nothing by itself. An admin resends it, for one more unit, or closes it."];
  }
  if (budget.available < 1) {
    return [
      "It is resent once, as soon as a unit is free. None is: the month turns ",
      at(budget.resetsAt),
      ".",
    ];
  }
  return nextCheckAt > now
    ? ["It is resent by itself ", at(nextCheckAt), ", once, for one more unit."]
    : ["It is resent by itself within a minute, once, for one more unit."];
}
