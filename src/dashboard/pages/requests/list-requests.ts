import type { Cursor, Ledger, PurgeQuery } from "../../../ledger/contract.ts";
import type { Purge } from "../../../purge.ts";
import { canonicalText } from "../../../rules/canonical.ts";
import type { Services } from "../../../services.ts";
import { pollDue } from "../../../watch.ts";
import type { Place, RequestFilters } from "./request-filters.ts";

/** The ledger looks at so many records for a page; what is further back is for the next. */
export const requestsLookedAt = 5_000;

const pageSize = 50;

export type RequestPage = {
  readonly purges: readonly Purge[];
  /** Where the next page begins, when there is one. */
  readonly next?: Cursor | undefined;
  /** The search ended before the page was full. */
  readonly isCutShort: boolean;
  /** Where the same page is found again, whatever has been requested since. */
  readonly here: Place;
  /** Requests that came since, as far as they are pluralize: up to a page of them. */
  readonly newer: { readonly count: number; readonly orMore: boolean };
};

/**
 * One page of the requests, newest first. When it is looked at again to see how they get on, those whose status check
 * is due are checked first, so that a reader learns it in seconds and not at the next sweep.
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

function queryFor({ state, actor, month, text }: RequestFilters): PurgeQuery {
  const sought = text === undefined ? undefined : canonicalText(text);
  return { state, actor, text: sought, from: month?.startsAt, to: month?.endsAt, limit: pageSize };
}
