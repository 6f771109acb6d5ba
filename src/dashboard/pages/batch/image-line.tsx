import type { BatchLine } from "../../../domain/batch.ts";
import { pluralize } from "../../shared/words.ts";
import { isCleared, type Line, purgeOf, type ServedBy } from "../../ui/batch-lines.ts";
import { linkTo } from "../../ui/context.ts";
import { EdgeMark, seenOf, worstSeen } from "../../ui/edge-mark.tsx";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { PurgeStateNow, State } from "../../ui/state.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";
import { Warnings } from "./line-warnings.tsx";

/** An image of a batch in one row: the worst state of its purges and, expanded, each of them. */
export function ImageLineMore(props: {
  readonly of: Line;
  readonly line: Extract<BatchLine, { verdict: "image" }>;
  readonly batchId: string;
  readonly viewer: Viewer;
  readonly opened: "opened" | "closed";
}) {
  const { of, line, batchId, viewer } = props;
  const { served, state } = of;
  const worst = purgeOf(of);
  const completed = served.filter(({ purge }) => purge.state === "completed").length;
  const latest = Math.max(...served.map(({ purge }) => purge.timeline.at(-1)?.at ?? purge.createdAt));
  const gone = line.purgeIds.length - served.length;
  return (
    <details id={`line-${line.line}-more`} open={props.opened === "opened"}>
      <summary class="row">
        <span class="line-number">{line.line}</span>
        {worst === undefined || state === "rejected" || state === "expired" ? (
          <span class="pill state expired">Expired</span>
        ) : (
          <PurgeStateNow purge={worst} state={state} now={viewer.health.now} />
        )}
        <span>
          <TargetUrl url={line.image} />
          {isCleared(of) === false ? (
            <>
              {" "}
              <strong class="line-note not-cleared">not cleared</strong>
            </>
          ) : null}
          <span class="line-note quiet">
            {" "}
            {line.of !== undefined
              ? `same as line ${line.of}`
              : line.purgeIds.length === 1
                ? "1 URL"
                : `${completed} of ${pluralize(line.purgeIds.length, "URL")} completed`}
          </span>{" "}
          <EdgeMark outcome={worstSeen(served.map(({ purge }) => purge))} />
        </span>
        <span class="line-when quiet">
          <Time at={latest} show="age" />
        </span>
      </summary>
      <div class="more">
        {line.of === undefined ? null : (
          <p>
            The same image as <a href={`#line-${line.of}`}>line {line.of}</a>.
          </p>
        )}
        <p>
          {line.profile === undefined
            ? "No profile matches this image, so only these URLs are cleared."
            : `The URLs under which the profile ${line.profile} shows this image. It is cleared once all are completed.`}
        </p>
        <ul class="of-image" id={`line-${line.line}-purges`}>
          {served.map((one) => (
            <OfImage served={one} batchId={batchId} viewer={viewer} />
          ))}
        </ul>
        {gone === 0 ? null : (
          <p class="quiet">
            {gone === 1 ? "1 more purge" : `${gone} more purges`} ended longer ago than the retention time.
          </p>
        )}
        <Warnings warnings={line.warnings} />
      </div>
    </details>
  );
}

function OfImage(props: { readonly served: ServedBy; readonly batchId: string; readonly viewer: Viewer }) {
  const { batchId, viewer } = props;
  const { purge, state } = props.served;
  return (
    <li>
      {state === purge.state ? (
        <PurgeStateNow purge={purge} state={state} now={viewer.health.now} />
      ) : (
        <State state={state} />
      )}
      <span>
        <a href={linkTo(viewer, `/purges/${purge.id}`)}>
          <TargetUrl url={purge.url} />
        </a>
        {purge.batchId === batchId ? null : <span class="line-note quiet"> joined, free</span>}{" "}
        <EdgeMark outcome={seenOf(purge)?.outcome} />
      </span>
    </li>
  );
}
