import { isTerminal } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import {
  isStale,
  isUnfinished,
  staleSupport,
  unfinishedSupport,
} from "../../../http/answers/support-text.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { SupportSection, unfinishedHeading } from "../../ui/support-mail.tsx";
import { Time } from "../../ui/time.tsx";
import { mostExported } from "./export-requests.ts";
import { type RequestPage, requestsLookedAt } from "./list-requests.ts";
import type { Grouping } from "./request-filters.ts";
import { RequestTable } from "./request-table.tsx";

/** A page with at least one request: a summary, the table, and links to other pages. */
export function RequestList(props: {
  readonly page: RequestPage;
  readonly basePath: string;
  readonly endpoints: readonly UrlEndpoint[];
  readonly grouping: Grouping;
  readonly now: EpochMs;
  /** Where all requests that the filters keep can be had as a file. */
  readonly csv: string;
  /** Whether the list is of those only that are a case for ImageKit's support: then one mail is for all of them. */
  readonly isForSupport: boolean;
  /** When the last request of the previous page was created; absent on the first page. */
  readonly before: EpochMs | undefined;
  readonly newest: string;
  readonly older: string | undefined;
}) {
  const { page, basePath, endpoints, grouping, now, csv, isForSupport, before, newest, older } = props;
  const unfinished = isForSupport ? page.purges.filter(isUnfinished) : [];
  const stale = isForSupport ? page.purges.filter(isStale) : [];
  return (
    <>
      <div class="results">
        <p class="quiet">
          <Extent page={page} before={before} />
          <UnderWay page={page} />
          {" · "}
          <span id="updated" data-updated>
            as of <Time at={now} show="clock" />
          </span>
        </p>
        <p>{page.newer.count === 0 ? null : <NewerRequests newer={page.newer} newest={newest} />}</p>
        <p class="csv">
          <a href={csv} download title={`At most ${mostExported.toLocaleString("en")} requests`}>
            Download CSV
          </a>
        </p>
      </div>
      <RequestTable
        purges={page.purges}
        basePath={basePath}
        endpoints={endpoints}
        grouping={grouping}
        now={now}
      />
      {unfinished.length === 0 ? null : (
        <SupportSection
          id="support-text"
          heading={unfinishedHeading(unfinished.length)}
          support={unfinishedSupport(unfinished)}
        />
      )}
      {stale.length === 0 ? null : (
        <SupportSection
          id="stale-text"
          heading={unfinishedHeading(stale.length)}
          support={staleSupport(stale)}
        />
      )}
      {page.isCutShort ? (
        <p class="quiet">
          {requestsLookedAt.toLocaleString("en")} requests were searched. Older ones may match too.
        </p>
      ) : null}
      {before === undefined && older === undefined ? null : (
        <nav class="pages" aria-label="More requests">
          {before === undefined ? null : <a href={newest}>Back to the newest</a>}
          {older === undefined ? null : (
            <a class="button" href={older} rel="next">
              {page.isCutShort ? "Search older requests" : "Older requests"}
            </a>
          )}
        </nav>
      )}
    </>
  );
}

function Extent({ page, before }: { readonly page: RequestPage; readonly before: EpochMs | undefined }) {
  const { purges, next } = page;
  const count = countOf(purges.length);
  if (before === undefined) return next === undefined ? `${count} in all` : `The newest ${count}`;
  return (
    <>
      {count} created before <Time at={before} />
      {next === undefined ? ", and no older ones" : ""}
    </>
  );
}

function UnderWay({ page }: { readonly page: RequestPage }) {
  const open = page.purges.filter(({ state }) => !isTerminal(state)).length;
  if (open === 0) return null;
  return (
    <>
      {` · ${open} under way`}
      <noscript>; reload the page for their latest state</noscript>
    </>
  );
}

/** In a place of its own, so that nothing moves when it appears. */
function NewerRequests({ newer, newest }: Pick<RequestPage, "newer"> & { readonly newest: string }) {
  return (
    <a id="newer" class="pill newer" href={newest} data-announce>
      {newer.orMore ? `Over ${newer.count} newer requests` : `${countOf(newer.count, "newer ")}`}
    </a>
  );
}

function countOf(count: number, kind = ""): string {
  return count === 1 ? `1 ${kind}request` : `${count} ${kind}requests`;
}
