import { edgeOutcomes } from "../../../domain/edge-check.ts";
import { purgeStates } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { decodeCursor, encodeCursor } from "../../../http/requests/cursor.ts";
import type { Cursor, PurgeQuery } from "../../../ledger/contract.ts";
import { type Period, periodsAround, type TurnRule } from "../../../ledger/periods.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import { shorten } from "./shorten.ts";

/** Which requests to show. An absent filter matches all. */
export type RequestFilters = {
  readonly state?: PurgeQuery["state"];
  /** What was seen at the CDN after Completed. */
  readonly edge?: PurgeQuery["edge"];
  readonly actor?: string | undefined;
  readonly month?: Period | undefined;
  /** The first and the last day, `YYYY-MM-DD` in UTC. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Part of a URL, a reason or an id, signatures masked as in the ledger. */
  readonly text?: string | undefined;
};

/** Whether requests of one batch stand together under a heading. */
export type Grouping = "batch" | "none";

/**
 * Where the page begins: after the last request of the previous page, or with the newest one created before an instant.
 */
export type Place = { readonly cursor?: Cursor | undefined; readonly until?: EpochMs | undefined };

export type RequestsAsked = {
  readonly filters: RequestFilters;
  readonly place: Place;
  readonly grouping: Grouping;
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
      (text) => (["open", "scheduled", ...purgeStates] as const).find((state) => state === text),
      (text) => `There is no state ${text}, so requests in any state are shown.`,
    ),
    edge: read(
      "edge",
      (text) => (["unproven", "waiting", ...edgeOutcomes] as const).find((outcome) => outcome === text),
      (text) =>
        `There is no edge check result called ${text}, so requests are shown whatever the CDN served.`,
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
    from: read("from", dayNamed, (text) => `${text} is not a date, so there is no first day.`),
    to: read("to", dayNamed, (text) => `${text} is not a date, so there is no last day.`),
    text: read(
      "q",
      (text) => (text.length <= 500 ? maskSignature(text) : undefined),
      () => "A search text can have at most 500 characters, so nothing is searched for.",
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
  const grouping = query.get("group") === "batch" ? "batch" : "none";
  return { filters, place: cursor === undefined ? { until } : { cursor }, grouping, ignored };
}

const dayMs = 86_400_000;

/** A day of this calendar, as a date field sends it. */
function dayNamed(text: string): string | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? undefined : text;
}

/** The time that the filters allow: at or after `from`, before `to`. */
export function timesOf({ month, from, to }: RequestFilters): {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
} {
  const starts = [month?.startsAt, from && Date.parse(`${from}T00:00:00Z`)];
  const ends = [month?.endsAt, to && Date.parse(`${to}T00:00:00Z`) + dayMs];
  const isTime = (at: EpochMs | "" | undefined): at is EpochMs => typeof at === "number";
  const [latest, earliest] = [Math.max(...starts.filter(isTime)), Math.min(...ends.filter(isTime))];
  return {
    from: Number.isFinite(latest) ? latest : undefined,
    to: Number.isFinite(earliest) ? earliest : undefined,
  };
}

/** The query of a page of the list, with its `?`; empty for the first page without filters. */
export function queryOf(filters: RequestFilters, place: Place = {}, grouping: Grouping = "none"): string {
  const { state, edge, actor, month, from, to, text } = filters;
  const { cursor, until } = place;
  const query = new URLSearchParams(
    Object.entries({
      q: text,
      state,
      edge,
      actor,
      month: month?.month,
      from,
      to,
      group: grouping === "batch" ? grouping : undefined,
      after: cursor && encodeCursor(cursor),
      until: until?.toString(),
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return query.size === 0 ? "" : `?${query}`;
}

function quoted(text: string): string {
  return `“${shorten(visibleText(maskSignature(text)), 60)}”`;
}
