import type { Budget } from "../../domain/batch.ts";
import type { EdgeReading } from "../../domain/edge-check.ts";
import type { Purge } from "../../domain/purge.ts";
import { type EpochMs, toIsoTime } from "../../domain/time.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { visibleText } from "../../rules/visible-text.ts";

/** A mail to ImageKit's support, ready to send. */
export type SupportText = { readonly subject: string; readonly body: string; readonly mailto: string };

const address = "support@imagekit.io";

/** Whether ImageKit accepted it and did not complete it in time, which is a case for its support. */
export function isUnfinished({ state, imagekitRequestId }: Purge): boolean {
  return state === "overdue" || (state === "abandoned" && imagekitRequestId !== undefined);
}

/**
 * Whether ImageKit reported Completed and the CDN still serves the old copy, which is a case for its support too. No longer
 * one once it is no alarm: the target was purged again, an operator closed it, or a day has passed.
 */
export function isStale({ state, edge, alarm }: Purge): boolean {
  return state === "completed" && edge?.outcome === "stale" && alarm === "stale";
}

/** The mail for this purge, if it is a case for ImageKit's support. */
export function supportOf(purge: Purge): SupportText | undefined {
  if (isUnfinished(purge)) return unfinishedSupport([purge]);
  return isStale(purge) ? staleSupport([purge]) : undefined;
}

/** For purges that ImageKit accepted and did not complete. Signatures are masked: they do not belong in a mail. */
export function unfinishedSupport(purges: readonly Purge[]): SupportText {
  const rows = purges.map((purge) =>
    [
      `URL: ${visibleText(maskSignature(purge.url))}`,
      `  request id: ${purge.imagekitRequestId ?? "none was received"}`,
      `  submitted: ${timeText(purge.sentAt)}`,
      `  accepted: ${timeText(purge.acceptedAt)}`,
      `  status checks so far: ${purge.checks}`,
    ].join("\n"),
  );
  const count = purges.length === 1 ? "A purge request" : `${purges.length} purge requests`;
  return supportText(`${count} not completed after 15 minutes`, [
    "Hello,",
    "",
    `${count} of ours did not reach the status Completed. Could you please look into it?`,
    "",
    ...rows,
    "",
    "Thank you",
  ]);
}

/** For purges that completed and are still served from the old copy: quotes what was seen before and after. */
export function staleSupport(purges: readonly Purge[]): SupportText {
  const rows = purges.map(({ url, imagekitRequestId, sentAt, completedAt, edge }) =>
    [
      `Purged: ${visibleText(maskSignature(url))}`,
      `  request id: ${imagekitRequestId ?? "none was received"}`,
      `  submitted: ${timeText(sentAt)}`,
      `  completed: ${timeText(completedAt)}`,
      `  URL that was read: ${visibleText(maskSignature(edge?.url ?? url))}`,
      `  before the purge: ${readingText(edge?.before)}`,
      `  after Completed: ${readingText(edge?.after)}`,
    ].join("\n"),
  );
  const [what, urls] =
    purges.length === 1 ? ["A purge", "its URL"] : [`${purges.length} purges`, "their URLs"];
  return supportText(`${what} completed, and the old copy is still served`, [
    "Hello,",
    "",
    `${what} of ours reached the status Completed, but the CDN still serves the old copy of ${urls}.`,
    "Could you please look into it?",
    "",
    ...rows,
    "",
    "Each URL was read with HEAD (or GET for one byte, where HEAD was refused) and the Accept header that a current",
    "browser sends for images, from one place.",
    "",
    "Thank you",
  ]);
}

function readingText(reading: EdgeReading | undefined): string {
  if (reading === undefined) return "not read";
  const { at, status, type, fingerprint, ageSeconds, madeAt, cache, location } = reading;
  const parts = [
    `read at ${toIsoTime(at)}`,
    status !== undefined && `status ${status}`,
    type,
    fingerprint,
    ageSeconds !== undefined && `Age ${ageSeconds} s`,
    madeAt !== undefined && `so the copy was made at ${toIsoTime(madeAt)}`,
    cache !== undefined && `cache ${cache}`,
    location !== undefined && `location ${location}`,
  ];
  return visibleText(parts.filter((part) => typeof part === "string").join(", "));
}

function timeText(at: EpochMs | undefined): string {
  return at === undefined ? "unknown" : toIsoTime(at);
}

/** Asks to raise a quota that does not last, or will not last, for the month. */
export function quotaSupport(
  budget: Budget,
  units: number,
  needed: "now" | "more before it ends" = "now",
): SupportText {
  const onTheirWay = budget.reserved === 0 ? "" : `, and ${budget.reserved} more are on their way`;
  return supportText("Request to raise our monthly purge quota", [
    "Hello,",
    "",
    `our account may clear ${budget.quota} URL caches a month. In the period ${budget.month} we have used`,
    `${budget.spent + budget.external}${onTheirWay}; we need ${units} ${needed}.`,
    `By our count the period ends at ${toIsoTime(budget.resetsAt)}.`,
    "",
    "Could you please raise our quota, and confirm when the period ends?",
    "",
    "Thank you",
  ]);
}

function supportText(subject: string, lines: readonly string[]): SupportText {
  const body = lines.join("\n");
  const query = `subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`;
  return { subject, body, mailto: `mailto:${address}?${query}` };
}
