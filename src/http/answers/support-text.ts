import type { Budget } from "../../domain/batch.ts";
import type { Purge } from "../../domain/purge.ts";
import { toIsoTime } from "../../domain/time.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { visibleText } from "../../rules/visible-text.ts";

/** A mail to ImageKit's support, ready to send. */
export type SupportText = { readonly subject: string; readonly body: string; readonly mailto: string };

const address = "support@imagekit.io";

/** Whether ImageKit accepted it and did not complete it in time, which is a case for its support. */
export function isUnfinished({ state, imagekitRequestId }: Purge): boolean {
  return state === "overdue" || (state === "abandoned" && imagekitRequestId !== undefined);
}

/** For purges that ImageKit accepted and did not complete. Signatures are masked: they do not belong in a mail. */
export function unfinishedSupport(purges: readonly Purge[]): SupportText {
  const rows = purges.map((purge) =>
    [
      `URL: ${visibleText(maskSignature(purge.url))}`,
      `  request id: ${purge.imagekitRequestId ?? "none was received"}`,
      `  submitted: ${purge.sentAt === undefined ? "unknown" : toIsoTime(purge.sentAt)}`,
      `  accepted: ${purge.acceptedAt === undefined ? "unknown" : toIsoTime(purge.acceptedAt)}`,
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
