import { edgeWords, toldEdge } from "../../../domain/edge-words.ts";
import type { Purge } from "../../../domain/purge.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import { at, type SentenceParts } from "../sentence.tsx";

/** The actor that the ledger notes for what the service did itself. */
const service = "purge-desk";

/** What has happened to a purge so far, in a sentence or two. */
export function historyOf(purge: Purge): SentenceParts {
  const { state, attempts, createdAt, actor } = purge;
  const { sentAt = createdAt, acceptedAt = sentAt, endedAt = sentAt, completedAt = endedAt } = purge;
  const accepted = [...lostFirst(purge), "ImageKit accepted it ", at(acceptedAt), `, ${checkedOf(purge)}`];
  switch (state) {
    case "held":
      return [`${actor} requested it `, at(createdAt), ". No unit is free for it, so it waits."];
    case "queued":
      return queuedHistory(purge);
    case "sending":
      return [
        ...(purge.units > 1 ? lostFirst(purge) : []),
        attempts > 1 ? `Attempt ${attempts}: sent ` : "Sent ",
        at(sentAt),
        ". Waiting for ImageKit’s answer.",
      ];
    case "pending":
      return [...accepted, "."];
    case "overdue":
      return [...accepted, ", and it is still not Completed."];
    case "unknown":
      return unknownHistory(purge);
    case "completed":
      return [...accepted, ", Completed ", at(completedAt), ".", ...servedSince(purge)];
    case "refused":
      return ["Sent ", at(sentAt), `. ${errorOf(purge) ?? "ImageKit refused it."}`];
    case "cancelled":
      return purge.units > 0
        ? [
            `${enderOf(purge)} cancelled the resend `,
            at(endedAt),
            ". The result of the first send is not known.",
          ]
        : [`${enderOf(purge)} cancelled it `, at(endedAt), ", before it was sent."];
    case "abandoned":
      return abandonedHistory(purge);
  }
}

/** What was read at the CDN after Completed. */
function servedSince({ edge, alarm }: Purge): SentenceParts {
  if (edge === undefined || edge.outcome === "waiting") return [];
  const told = toldEdge(edge, alarm);
  return told.outcome === "was-stale" && told.checkedAt !== undefined
    ? [" The old copy was still served ", at(told.checkedAt), "."]
    : [` ${edgeWords(told).seen}`];
}

function queuedHistory(purge: Purge): SentenceParts {
  const { attempts, createdAt, sentAt = createdAt, actor, units } = purge;
  if (units > 1) {
    return [
      "No usable answer came to the send ",
      at(sentAt),
      ". It will be sent once more, for a second unit.",
    ];
  }
  if (attempts === 0) {
    const what = purge.isScheduled === true ? "scheduled" : "requested";
    return [`${actor} ${what} it `, at(createdAt), ". It has not been sent yet."];
  }
  const tried = attempts === 1 ? "Tried once, " : `Tried ${attempts} times, last `;
  return [tried, at(sentAt), `. ${errorOf(purge) ?? "ImageKit has not received it yet."}`];
}

function unknownHistory(purge: Purge): SentenceParts {
  const { createdAt, sentAt = createdAt, error } = purge;
  if (error?.code === "no-request-id") {
    return [
      "Sent ",
      at(sentAt),
      ". ImageKit accepted it but gave no request id, so its status cannot be checked. Its unit stays spent.",
    ];
  }
  return [
    "Sent ",
    at(sentAt),
    ". No usable answer came. ImageKit may have cleared it already, or may never have received it. Its unit stays spent either way.",
  ];
}

function abandonedHistory(purge: Purge): SentenceParts {
  const { createdAt, sentAt = createdAt, acceptedAt, endedAt = sentAt } = purge;
  const ender = enderOf(purge);
  const isGivenUp = ender === service;
  if (acceptedAt !== undefined) {
    const accepted = ["ImageKit accepted it ", at(acceptedAt), `, ${checkedOf(purge)}`];
    return isGivenUp
      ? [...accepted, ", and did not say Completed within 24 hours."]
      : [...accepted, `; ${ender} closed it `, at(endedAt), " before ImageKit said Completed."];
  }
  return isGivenUp
    ? ["Sent twice, last ", at(sentAt), ". No usable answer came to either, so Purge Desk gave up."]
    : ["Sent ", at(sentAt), `. No usable answer came, and ${ender} closed it `, at(endedAt), "."];
}

/** What happened before ImageKit accepted it. Two units mean that it was resent. */
function lostFirst({ units, attempts }: Purge): SentenceParts {
  if (units > 1) return ["No usable answer came to the first send, so it was sent once more. "];
  return attempts > 1 ? [`It took ${attempts} attempts. `] : [];
}

function checkedOf({ checks }: Purge): string {
  if (checks === 0) return "not checked yet";
  return checks === 1 ? "checked once" : `checked ${checks} times`;
}

function errorOf({ error }: Purge): string | undefined {
  // The rest of this message is about the next step.
  if (error?.code === "credentials") return "ImageKit did not accept the private key.";
  return error === undefined ? undefined : visibleText(maskSignature(error.message));
}

/** What was noted after the end, a late answer or that somebody has seen it, did not end it. */
function enderOf({ timeline, state }: Purge): string {
  return timeline.find((entry) => entry.state === state)?.by ?? service;
}
