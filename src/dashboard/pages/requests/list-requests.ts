import type { Purge } from "../../../domain/purge.ts";
import type { Cursor, Ledger, PurgeQuery } from "../../../ledger/contract.ts";
import type { Services } from "../../../services.ts";
import { pollDue } from "../../../use-cases/read-purges.ts";
import { type Place, type RequestFilters, timesOf } from "./request-filters.ts";

/** The ledger searches at most this many records for one page. */
export const requestsLookedAt = 5_000;

const pageSize = 50;

export type RequestPage = {
  readonly purges: readonly Purge[];
  /** Where the next page begins, if there is one. */
  readonly next?: Cursor | undefined;
  /** The search ended before the page was full. */
  readonly isCutShort: boolean;
  /** Where the same page begins, whatever has been requested since. */
  readonly here: Place;
  /** Newer requests, counted up to one page. */
  readonly newer: { readonly count: number; readonly orMore: boolean };
};

/**
 * One page of requests, newest first. When the page refreshes, due status checks are made first, so that the reader
 * sees a result within seconds instead of at the next sweep.
 */
export async function listRequests(
  services: Services,
  filters: RequestFilters,
  place: Place,
): Promise<RequestPage> {
  const page = await readPage(services.ledger, filters, place);
  if (place.until === undefined || !(await pollDue(services, page.purges))) return page;
  return readPage(services.ledger, filters, place);
}

async function readPage(ledger: Ledger, filters: RequestFilters, place: Place): Promise<RequestPage> {
  const query = queryFor(filters);
  const { cursor, until } = place;
  const to = Math.min(until ?? Number.POSITIVE_INFINITY, query.to ?? Number.POSITIVE_INFINITY);
  const [page, since] = await Promise.all([
    ledger.listPurges({ ...query, cursor, to: Number.isFinite(to) ? to : undefined }),
    until === undefined ? undefined : ledger.listPurges({ ...query, from: Math.max(until, query.from ?? 0) }),
  ]);
  const [newest] = page.purges;
  return {
    ...page,
    isCutShort: page.next !== undefined && page.purges.length < pageSize,
    here: cursor === undefined ? { until: until ?? (newest && newest.createdAt + 1) } : place,
    newer: { count: since?.purges.length ?? 0, orMore: since?.next !== undefined },
  };
}

export function queryFor(filters: RequestFilters): PurgeQuery {
  const { state, edge, actor, text } = filters;
  return { state, edge, actor, text, ...timesOf(filters), limit: pageSize };
}
