// biome-ignore-all lint/a11y/noRedundantRoles: Safari forgets the roles of a table that is not displayed as one

import type { Child } from "hono/jsx";
import { isTerminal, type Purge } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import { State } from "../../ui/state.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";
import { type RequestPage, requestsLookedAt } from "./list-requests.ts";
import { cutMiddle, shorten } from "./shorten.ts";

/** A page with at least one request: a summary, the table, and links to other pages. */
export function RequestList(props: {
  readonly page: RequestPage;
  readonly basePath: string;
  /** When the last request of the previous page was created; absent on the first page. */
  readonly before: EpochMs | undefined;
  readonly newest: string;
  readonly older: string | undefined;
}) {
  const { page, basePath, before, newest, older } = props;
  return (
    <>
      <div class="results">
        <p class="quiet">
          <Extent page={page} before={before} />
          <UnderWay page={page} />
        </p>
        <p>{page.newer.count === 0 ? null : <NewerRequests newer={page.newer} newest={newest} />}</p>
      </div>
      <RequestTable>
        {page.purges.map((purge) => (
          <RequestRow purge={purge} basePath={basePath} />
        ))}
      </RequestTable>
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

/** With roles, though its elements imply them: on a phone the style makes cards of the rows, and Safari then forgets. */
function RequestTable({ children }: { readonly children: Child }) {
  const columns = ["URL", "State", "Requested by", "When", "Units"];
  return (
    <table class="requests" role="table">
      <caption class="visually-hidden">Requests, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th scope="col" role="columnheader">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

function countOf(count: number, kind = ""): string {
  return count === 1 ? `1 ${kind}request` : `${count} ${kind}requests`;
}

/** A URL may have 4,096 bytes and a reason 500 characters; the purge's own page shows them whole. */
const longestUrl = 120;
const longestReason = 52;

function RequestRow({ purge, basePath }: { readonly purge: Purge; readonly basePath: string }) {
  const { id, url, state, actor, reason, createdAt, units } = purge;
  return (
    <tr id={id} role="row">
      <th scope="row" role="rowheader">
        <a href={`${basePath}/purges/${id}`}>
          <TargetUrl url={cutMiddle(maskSignature(url), longestUrl)} />
        </a>
      </th>
      <td role="cell">
        <State state={state} />
      </td>
      <td role="cell">
        {actor}
        {reason === undefined ? null : <p dir="auto">{shorten(visibleText(reason), longestReason)}</p>}
      </td>
      <td role="cell">
        <Time at={createdAt} show="age" />
      </td>
      <td role="cell">{units}</td>
    </tr>
  );
}
