import type { Purge } from "../purge.ts";
import { maskSignature } from "../rules/signed-url.ts";
import { at, type Prose } from "./parts/prose.tsx";

/** The name under which the ledger notes what the service did by itself. */
const service = "purge-desk";

/** What became of a purge so far, in a sentence or two. */
export function storyOf(purge: Purge): Prose {
  const { state, attempts, createdAt, actor } = purge;
  const { sentAt = createdAt, acceptedAt = sentAt, endedAt = sentAt, completedAt = endedAt } = purge;
  const accepted = [...lostFirst(purge), "ImageKit accepted it ", at(acceptedAt), `, ${checkedOf(purge)}`];
  switch (state) {
    case "held":
      return [`${actor} asked for it `, at(createdAt), ". No unit is free for it, so it waits."];
    case "queued":
      return queuedStory(purge);
    case "sending":
      return [
        ...(purge.units > 1 ? lostFirst(purge) : []),
        attempts > 1 ? `Attempt ${attempts}: sent ` : "Sent ",
        at(sentAt),
        "; ImageKit’s answer is awaited.",
      ];
    case "pending":
      return [...accepted, "."];
    case "overdue":
      return [...accepted, ", and it is still not Completed."];
    case "unknown":
      return unknownStory(purge);
    case "completed":
      return [...accepted, ", Completed ", at(completedAt), "."];
    case "refused":
      return ["Sent ", at(sentAt), `. ${errorOf(purge) ?? "ImageKit refused it."}`];
    case "cancelled":
      return purge.units > 0
        ? [
            `${enderOf(purge)} took the resend back `,
            at(endedAt),
            "; what became of the first send is not known.",
          ]
        : [`${enderOf(purge)} took it back `, at(endedAt), ", before ImageKit had it."];
    case "abandoned":
      return abandonedStory(purge);
  }
}

function queuedStory(purge: Purge): Prose {
  const { attempts, createdAt, sentAt = createdAt, actor, units } = purge;
  if (units > 1) {
    return [
      "No usable answer came to the send ",
      at(sentAt),
      "; it is to go out once more, for a second unit.",
    ];
  }
  if (attempts === 0) return [`${actor} asked for it `, at(createdAt), "; it has not been sent yet."];
  const tried = attempts === 1 ? "Tried once, " : `Tried ${attempts} times, last `;
  return [tried, at(sentAt), `. ${errorOf(purge) ?? "ImageKit does not have it yet."}`];
}

function unknownStory(purge: Purge): Prose {
  const { createdAt, sentAt = createdAt, error } = purge;
  if (error?.code === "no-request-id") {
    return [
      "Sent ",
      at(sentAt),
      "; ImageKit took it but gave no request id, so nobody can ask what became of it. Its unit stays spent.",
    ];
  }
  return [
    "Sent ",
    at(sentAt),
    "; no usable answer came. ImageKit may have cleared it already, or never have got it. Its unit stays spent either way.",
  ];
}

function abandonedStory(purge: Purge): Prose {
  const { createdAt, sentAt = createdAt, acceptedAt, endedAt = sentAt } = purge;
  const ender = enderOf(purge);
  const isGivenUp = ender === service;
  if (acceptedAt !== undefined) {
    const accepted = ["ImageKit accepted it ", at(acceptedAt), `, ${checkedOf(purge)}`];
    return isGivenUp
      ? [...accepted, ", and did not say Completed within 24 hours."]
      : [...accepted, `; ${ender} closed it `, at(endedAt), " without a Completed."];
  }
  return isGivenUp
    ? ["Sent twice, last ", at(sentAt), "; no usable answer came to either, so it was given up."]
    : ["Sent ", at(sentAt), `; no usable answer came, and ${ender} closed it `, at(endedAt), "."];
}

/** What went before an acceptance. Two units: it was resent. */
function lostFirst({ units, attempts }: Purge): Prose {
  if (units > 1) return ["No usable answer came to the first send, so it was sent once more. "];
  return attempts > 1 ? [`It took ${attempts} attempts. `] : [];
}

function checkedOf({ checks }: Purge): string {
  if (checks === 0) return "not checked yet";
  return checks === 1 ? "checked once" : `checked ${checks} times`;
}

function errorOf({ error }: Purge): string | undefined {
  // What this one goes on to say is what comes next.
  if (error?.code === "credentials") return "ImageKit did not accept the private key.";
  return error === undefined ? undefined : maskSignature(error.message);
}

/** What was noted after the end, a late answer or that somebody has seen it, did not end it. */
function enderOf({ timeline, state }: Purge): string {
  return timeline.find((entry) => entry.state === state)?.by ?? service;
}
