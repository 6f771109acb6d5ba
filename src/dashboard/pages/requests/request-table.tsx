// biome-ignore-all lint/a11y/noRedundantRoles: Safari forgets the roles of a table that is not displayed as one

import type { Purge } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { visibleText } from "../../../rules/visible-text.ts";
import { pluralize } from "../../shared/words.ts";
import { BriefEdgeMark, seenOf } from "../../ui/edge-mark.tsx";
import { PurgeStateNow } from "../../ui/state.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";
import type { Grouping } from "./request-filters.ts";
import { cutMiddle, shorten } from "./shorten.ts";
import { belowEndpoint, endpointOfMost } from "./shown-endpoint.ts";

type TableAbout = {
  readonly purges: readonly Purge[];
  readonly basePath: string;
  readonly endpoints: readonly UrlEndpoint[];
  readonly grouping: Grouping;
  readonly now: EpochMs;
};

/** A URL may have 4,096 bytes and a reason 500 characters; the purge's own page shows them whole. */
const longestUrl = 500;
const longestReason = 80;

/**
 * One row for each request; the whole row leads to it. With roles, though its elements imply them: on a phone the style
 * makes cards of the rows, and Safari then forgets.
 */
export function RequestTable({ purges, basePath, endpoints, grouping, now }: TableAbout) {
  const urls = purges.map(({ url }) => maskSignature(url));
  const endpoint = endpointOfMost(urls, endpoints);
  const row = (purge: Purge) => (
    <RequestRow purge={purge} basePath={basePath} endpoint={endpoint} now={now} />
  );
  return (
    <table class="requests" role="table">
      <caption class="visually-hidden">Requests, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            URL
            {endpoint === undefined ? null : (
              <span class="endpoint">
                {" "}
                below <span class="target">{endpoint}</span>
              </span>
            )}
          </th>
          {["State", "Requested by", "Batch", "When", "Units"].map((column) => (
            <th scope="col" role="columnheader">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {grouping === "none" ? (
        <tbody role="rowgroup">{purges.map(row)}</tbody>
      ) : (
        batchesOf(purges).map((batch) => (
          <tbody role="rowgroup" class="grouped">
            <BatchRow purges={batch} basePath={basePath} />
            {batch.map(row)}
          </tbody>
        ))
      )}
    </table>
  );
}

/** The requests of a batch were made together, so they are neighbours in the list. */
function batchesOf(purges: readonly Purge[]): readonly (readonly Purge[])[] {
  const batches: Purge[][] = [];
  for (const purge of purges) {
    const latest = batches.at(-1);
    if (latest?.[0]?.batchId === purge.batchId) latest.push(purge);
    else batches.push([purge]);
  }
  return batches;
}

function BatchRow({ purges, basePath }: { readonly purges: readonly Purge[]; readonly basePath: string }) {
  const [first] = purges;
  if (first === undefined) return null;
  const { batchId, actor, reason, createdAt } = first;
  return (
    <tr id={batchId} role="row" class="batch-row">
      <td role="cell" colspan={6}>
        <a href={`${basePath}/batches/${batchId}`}>Batch of {actor}</a>
        {reason === undefined ? null : (
          <>
            {": "}
            <bdi dir="auto">{shorten(visibleText(reason), 200)}</bdi>
          </>
        )}{" "}
        <span class="quiet">
          · {pluralize(purges.length, "request")} here, <Time at={createdAt} show="age" />
        </span>
      </td>
    </tr>
  );
}

function RequestRow(props: {
  readonly purge: Purge;
  readonly basePath: string;
  readonly endpoint: string | undefined;
  readonly now: EpochMs;
}) {
  const { purge, basePath, endpoint, now } = props;
  const { id, batchId, state, actor, reason, createdAt, units } = purge;
  const url = maskSignature(purge.url);
  const said = reason === undefined ? undefined : visibleText(reason);
  return (
    <tr id={id} role="row" class="request-row">
      <th scope="row" role="rowheader">
        <a href={`${basePath}/purges/${id}`} aria-label={visibleText(url)}>
          <TargetUrl url={cutMiddle(belowEndpoint(url, endpoint), longestUrl)} />
        </a>
      </th>
      <td role="cell">
        <span class="state-and-edge">
          <PurgeStateNow purge={purge} state={state} now={now} />
          <BriefEdgeMark outcome={seenOf(purge)?.outcome} />
        </span>
      </td>
      <td role="cell" class="by">
        {actor}
        {said === undefined ? null : (
          <bdi dir="auto" class="quiet small" title={said}>
            {shorten(said, longestReason)}
          </bdi>
        )}
      </td>
      <td role="cell" class="of-batch">
        <a href={`${basePath}/batches/${batchId}`}>
          <span class="visually-hidden">Batch </span>
          <code>…{batchId.slice(-5)}</code>
        </a>
      </td>
      <td role="cell">
        <Time at={createdAt} show="age" />
      </td>
      <td role="cell">{units}</td>
    </tr>
  );
}
