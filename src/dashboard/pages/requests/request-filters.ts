import { type PurgeState, purgeStates } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { decodeCursor, encodeCursor } from "../../../http/requests/cursor.ts";
import type { Cursor } from "../../../ledger/contract.ts";
import { type Period, periodsAround, type TurnRule } from "../../../ledger/periods.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import { shorten } from "./shorten.ts";

/** Which requests to show. An absent filter matches all. */
export type RequestFilters = {
  readonly state?: PurgeState | undefined;
  readonly actor?: string | undefined;
  readonly month?: Period | undefined;
  /** Part of a URL, signatures masked as in the ledger. */
  readonly text?: string | undefined;
};

/**
 * Where the page begins: after the last request of the previous page, or with the newest one created before an instant.
 */
export type Place = { readonly cursor?: Cursor | undefined; readonly until?: EpochMs | undefined };

export type RequestsAsked = {
  readonly filters: RequestFilters;
  readonly place: Place;
  /** A sentence for each filter that makes no sense and was ignored. */
  readonly ignored: readonly string[];
};

/** The quota periods that are kept by default, newest first. */
export function recentMonths(now: EpochMs, rule: TurnRule): readonly Period[] {
  const months: Period[] = [];
  for (let at = now; months.length < 14; ) {
    const [, month] = periodsAround(at, rule);
    if (month === undefined) break;
    months.push(month);
    at = month.startsAt - 1;
  }
  return months;
}

/** Reads the page's query, which may be written by hand. The first value of each name counts. */
export function readFilters(query: URLSearchParams, months: readonly Period[]): RequestsAsked {
  const ignored: string[] = [];
  const read = <T>(
    name: string,
    parse: (text: string) => T | undefined,
    complaint: (text: string) => string,
  ) => {
    const text = query.get(name)?.trim() ?? "";
    const value = text === "" ? undefined : parse(text);
    if (text !== "" && value === undefined) ignored.push(complaint(quoted(text)));
    return value;
  };
  const filters = {
    state: read(
      "state",
      (text) => purgeStates.find((state) => state === text),
      (text) => `There is no state ${text}, so requests in any state are shown.`,
    ),
    actor: read(
      "actor",
      (text) => (/^[a-z0-9-]{1,32}$/.test(text) ? text : undefined),
      (text) => `No token is named ${text}, so anyone’s requests are shown.`,
    ),
    month: read(
      "month",
      (text) => months.find(({ month }) => month === text),
      (text) =>
        `${text} is not one of the latest ${months.length} months, so requests from any month are shown.`,
    ),
    text: read(
      "q",
      (text) => (text.length <= 500 ? maskSignature(text) : undefined),
      () => "A search text can have at most 500 characters, so all URLs are shown.",
    ),
  };
  const cursor = read(
    "after",
    decodeCursor,
    () => "The address does not say correctly where to continue, so the newest requests are shown.",
  );
  const until = read(
    "until",
    (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
    () => "The address does not say correctly where to begin, so the newest requests are shown.",
  );
  return { filters, place: cursor === undefined ? { until } : { cursor }, ignored };
}

/** The query of a page of the list, with its `?`; empty for the first page without filters. */
export function queryOf(filters: RequestFilters, place: Place = {}): string {
  const { state, actor, month, text } = filters;
  const { cursor, until } = place;
  const query = new URLSearchParams(
    Object.entries({
      q: text,
      state,
      actor,
      month: month?.month,
      after: cursor && encodeCursor(cursor),
      until: until?.toString(),
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return query.size === 0 ? "" : `?${query}`;
}

function quoted(text: string): string {
  return `“${shorten(visibleText(maskSignature(text)), 60)}”`;
}
