import type { Purge } from "../../../domain/purge.ts";
import { type EpochMs, toIsoTime } from "../../../domain/time.ts";
import type { PurgeQuery } from "../../../ledger/contract.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import type { Services } from "../../../services.ts";
import { seenOf } from "../../ui/edge-mark.tsx";

/** More than a month's default quota several times over. A function's answer may have 6 MB. */
export const mostExported = 5_000;
const mostCharacters = 4_000_000;
const exportForMs = 20_000;
/** A record may have several kilobytes, and a reply of Redis at most 1 MB. */
const pageSize = 100;

const columns: Readonly<Record<string, (purge: Purge) => string | number | undefined>> = {
  created_at: ({ createdAt }) => toIsoTime(createdAt),
  url: ({ url }) => maskSignature(url),
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  actor: ({ actor }) => actor,
  reason: ({ reason }) => reason?.replace(/[^\t\r\n]+/g, visibleText),
  units: ({ units }) => units,
  attempts: ({ attempts }) => attempts,
  sent_at: ({ sentAt }) => timeOf(sentAt),
  accepted_at: ({ acceptedAt }) => timeOf(acceptedAt),
  completed_at: ({ completedAt }) => timeOf(completedAt),
  ended_at: ({ endedAt }) => timeOf(endedAt),
  error: ({ error }) => error && maskSignature(error.message),
  batch_id: ({ batchId }) => batchId,
  purge_id: ({ id }) => id,
  edge: (purge) => seenOf(purge)?.outcome,
  edge_checked_at: (purge) => timeOf(seenOf(purge)?.checkedAt),
  imagekit_request_id: ({ imagekitRequestId }) => imagekitRequestId,
  not_sent_before: ({ sendAt }) => timeOf(sendAt),
};

/**
 * All purges that a query keeps as CSV (RFC 4180), newest first, until a limit of rows, size or time. A last row says so
 * if there are more, because a file that ends early looks like a whole one.
 */
export async function exportRequests(
  { ledger, clock }: Services,
  query: Omit<PurgeQuery, "limit" | "cursor">,
): Promise<string> {
  const untilMs = clock.monotonicMs() + exportForMs;
  // With a byte order mark, by which Excel recognises UTF-8.
  let csv = `\ufeff${rowOf(Object.keys(columns))}`;
  let rows = 0;
  let cursor: PurgeQuery["cursor"];
  do {
    const limit = Math.min(pageSize, mostExported - rows);
    const page = await ledger.listPurges({ ...query, limit, cursor });
    for (const purge of page.purges) csv += rowOf(Object.values(columns).map((read) => read(purge)));
    rows += page.purges.length;
    cursor = page.next;
  } while (
    cursor !== undefined &&
    rows < mostExported &&
    csv.length < mostCharacters &&
    clock.monotonicMs() < untilMs
  );
  if (cursor === undefined) return csv;
  const last = `Older than ${toIsoTime(cursor.createdAt)}: not in this file. Set a last day to export those.`;
  return csv + rowOf([last]);
}

function timeOf(at: EpochMs | undefined): string | undefined {
  return at === undefined ? undefined : toIsoTime(at);
}

function rowOf(values: readonly (string | number | undefined)[]): string {
  return `${values.map(fieldOf).join(",")}\r\n`;
}

/**
 * A spreadsheet takes a text that begins with one of these for a formula, which may send the sheet's content elsewhere. An
 * apostrophe before it makes it a text again.
 */
function fieldOf(value: string | number | undefined = ""): string {
  const text = typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
