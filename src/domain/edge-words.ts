/** What an edge check found, in words for people: the API and the dashboard say the same. */

import type { EdgeCause, EdgeCheck } from "./edge-check.ts";
import type { Purge } from "./purge.ts";
import { toIsoTime } from "./time.ts";

/** An outcome as it is told: what was stale is not said to be so for ever. */
export type ToldOutcome = EdgeCheck["outcome"] | "was-stale";

/** A check, as far as its words depend on it. */
type ToldEdge = Pick<EdgeCheck, "cause" | "tries" | "checkedAt" | "nextAt"> & {
  readonly outcome: ToldOutcome;
};

export type EdgeWords = {
  /** A few words, for a list. */
  readonly label: string;
  /** What was seen: a sentence. */
  readonly seen: string;
  /** What to do about it. Absent while there is nothing to decide. */
  readonly advice?: string | undefined;
};

/** What a check cannot know. Belongs beside every outcome that comes from an answer of the CDN. */
export const edgeLimits =
  "Seen at one location of the CDN, in the format for a current browser; other locations and formats were not looked at.";

type Told = Pick<EdgeWords, "seen" | "advice">;

export const edgeLabels: Readonly<Record<ToldOutcome, string>> = {
  waiting: "Not checked yet",
  fresh: "New image served",
  unchanged: "Same image as before",
  renewed: "New copy served",
  stale: "Old copy still served",
  "was-stale": "Old copy was still served",
  gone: "Image is gone",
  unreadable: "Could not be checked",
};

const openIt = "Open the URL to see which image it shows.";

/** Outcomes that have one cause, and the words where a cause is missing or comes from a newer version. */
const outcomes: Readonly<Record<Exclude<ToldOutcome, "waiting">, Told>> = {
  fresh: {
    seen: "A new image is served.",
    advice:
      "Nothing to do. If a page still shows the old one, look at the browser's cache, a CDN in front of ImageKit, or another URL of the image.",
  },
  unchanged: {
    seen: "The cache was cleared, but the image is the same as before the purge.",
    advice: "Check that the new image was uploaded to this path before the purge. Then purge again.",
  },
  renewed: { seen: "A copy made after the purge is served.", advice: openIt },
  stale: {
    seen: "The old copy is still served: it was made before the purge, and is the same image.",
    advice:
      "Purge again, for one more unit, or send ImageKit's support the mail that this purge carries: it quotes what was seen. If a CDN of your own is in front of ImageKit, clear that one first: a purge does not reach it.",
  },
  "was-stale": {
    seen: "The old copy was still served when the URL was last read.",
    advice: `Nothing to do now: the URL was purged again, an admin closed this, or a day has passed. ${openIt}`,
  },
  gone: {
    seen: "The image no longer exists: the CDN answers 404 or 410.",
    advice: "Nothing to do if it was deleted or moved. Otherwise upload it again, and purge again.",
  },
  unreadable: { seen: "The CDN's answer does not show which image is served.", advice: openIt },
};

const causes: Readonly<Record<EdgeCause, Told>> = {
  "no-reading-before": {
    seen: "A copy made after the purge is served; what was served before is not known, so there is nothing to compare it with.",
    advice: openIt,
  },
  "nothing-served-before": {
    seen: "An image is served, in a copy made after the purge. Before the purge the CDN served nothing under this URL.",
    advice:
      "Nothing to do if it was uploaded, moved here or made public just now. Otherwise open the URL to see which image it shows.",
  },
  "no-fingerprint": {
    seen: "A copy made after the purge is served. It cannot be compared with the one before: one of them has no ETag or other fingerprint, or another format.",
    advice: openIt,
  },
  "same-image": {
    seen: "A copy made after the purge is served, and it is the same image as before. The request did not say when the image changed.",
    advice:
      "If you expected a new image, check that it was uploaded before the purge, and purge again. State changedAt to be told when that happens.",
  },
  "renewed-before": {
    seen: "A copy made after the purge is served. The copy before the purge was the same image, and was already made after the image changed.",
    advice: "Nothing to do, unless the URL shows an old image: then check the upload, and purge again.",
  },
  "age-before-unknown": {
    seen: "A copy made after the purge is served, and it is the same image as before. How old the copy before the purge was is not known, so it may have been made after the image changed.",
    advice: "If you expected a new image, check that it was uploaded before the purge, and purge again.",
  },
  "changed-after-send": {
    seen: "A copy made after the purge is served, and it is the same image as before. The request said that the image would change only after the purge was sent.",
    advice:
      "If you expected a new image, purge again now that it is uploaded, and check the clock of whatever states changedAt.",
  },
  "inner-cache": {
    seen: "The CDN made a new copy, but its Age header says that the image is from before the purge: a cache behind the CDN, which a purge does not clear, may have kept it.",
    advice: `${openIt} If it is the old one, clear the cache in front of your storage, and purge again.`,
  },
  signed: {
    seen: "The URL is signed. Signed URLs are not read, because they are credentials.",
    advice: openIt,
  },
  "not-asked": {
    seen: "The URL was not read: its host is not a configured URL endpoint any more, or leads to a private address.",
    advice:
      "Check IMAGEKIT_URL_ENDPOINTS, and the host's DNS entries: shoppers cannot reach a private address either.",
  },
  "not-allowed": {
    seen: "The CDN refused to serve the URL (401 or 403), so there is nothing to compare.",
    advice:
      "If shoppers should see the image, check in ImageKit whether it is private or needs a signed URL.",
  },
  "not-an-image": {
    seen: "The CDN answered with something other than an image or a video.",
    advice: "Open the URL: probably an error page is served, or something else lies under this path.",
  },
  redirected: {
    seen: "The CDN answered with a redirect. Redirects are not followed.",
    advice: "Purge the URL that the redirect leads to: that is the one that browsers show.",
  },
  "unexpected-status": {
    seen: "The CDN answered with a status that says nothing about the image.",
    advice: openIt,
  },
  "age-unknown": {
    seen: "The CDN's answer has no Age header, and nothing else shows how old it is: it may be from before the purge.",
    advice: `${openIt} Something in front of ImageKit may remove the header.`,
  },
  "age-unusable": {
    seen: "The CDN's Age header is negative, too large or not a whole number, so the answer may be from before the purge.",
    advice: openIt,
  },
  "age-unproven": {
    seen: "The image is the same as before, and nothing proves how old the copy is: the origin may have set its Age header, or other locations answered.",
    advice: `If you expected a new image, check the upload. ${openIt} If it is the old one, purge again.`,
  },
  "made-meanwhile": {
    seen: "A copy made between the send and Completed is served, and nothing shows that it is another image than before: it may be the old one, stored again.",
    advice: "If you expected a new image, check that it was uploaded before the purge, and purge again.",
  },
  "cached-not-found": {
    seen: "The CDN still answers 404 or 410 from a copy that it made before Completed.",
    advice: "If the image exists, purge again; if it was deleted, there is nothing to do.",
  },
  "nothing-to-compare": {
    seen: "A copy from before Completed is served, and what was read before the purge does not show whether it is the old image.",
    advice: `${openIt} If it is the old one, purge again.`,
  },
  "perhaps-older": {
    seen: "Another image than before the purge is served, but nothing shows that it is a newer one: another location of the CDN may have kept an older copy.",
    advice: `${openIt} If it is an old one, purge again.`,
  },
  "server-error": {
    seen: "At the last try, the CDN answered with an error, or asked to wait (5xx, 408 or 429).",
    advice: openIt,
  },
  "no-answer": {
    seen: "At the last try, the CDN did not answer within 3 s, or could not be reached.",
    advice: `Check that the URL endpoint's host exists and answers. ${openIt}`,
  },
  undecided: { seen: "The URL was read, and no reading showed which image is served.", advice: openIt },
};

/** Causes for which no location of the CDN said anything. */
const unseen: ReadonlySet<string | undefined> = new Set<EdgeCause>(["signed", "not-asked", "no-answer"]);

/** The edge check as it is told now: an old copy is said to be served only while it is an open case, an alarm. */
export function toldEdge<T extends Pick<EdgeCheck, "outcome">>(
  edge: T,
  alarm: Purge["alarm"],
): Omit<T, "outcome"> & { readonly outcome: ToldOutcome } {
  return edge.outcome === "stale" && alarm !== "stale" ? { ...edge, outcome: "was-stale" } : edge;
}

/** The parts of what is said, for a page that sets them apart. */
export function edgeWords(edge: Omit<ToldEdge, "checkedAt">): EdgeWords {
  const { outcome, cause } = edge;
  if (outcome === "waiting") return { label: edgeLabels.waiting, seen: waitingWords(edge) };
  return { label: edgeLabels[outcome], ...(isCause(cause) ? causes[cause] : outcomes[outcome]) };
}

/** All of it in one text: what was seen, what to do, and what was not seen. */
export function edgeMessage(edge: ToldEdge): string {
  const { outcome, cause, checkedAt } = edge;
  const { seen, advice } = edgeWords(edge);
  const isOver = outcome === "was-stale" && checkedAt !== undefined;
  const wasSeen = outcome !== "waiting" && !unseen.has(cause);
  return [
    isOver ? `The old copy was still served at ${toIsoTime(checkedAt)}.` : seen,
    advice,
    wasSeen ? edgeLimits : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

function waitingWords({ tries, nextAt }: Pick<EdgeCheck, "tries" | "nextAt">): string {
  if (nextAt === undefined) return "The URL will be read once ImageKit reports Completed.";
  if (tries === 0) return "ImageKit reported Completed; the URL is read next.";
  return "The latest reading did not decide it; the URL will be read again.";
}

function isCause(cause: string | undefined): cause is EdgeCause {
  return cause !== undefined && Object.hasOwn(causes, cause);
}
