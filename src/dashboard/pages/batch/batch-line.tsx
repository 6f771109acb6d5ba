import type { BatchLine } from "../../../domain/batch.ts";
import { isTerminal, type Purge } from "../../../domain/purge.ts";
import type { Violation } from "../../../domain/verdict.ts";
import { isCancelledHere, isCleared, type Line, purgeOf } from "../../ui/batch-lines.ts";
import { linkTo } from "../../ui/context.ts";
import { EdgeMark, seenOf } from "../../ui/edge-mark.tsx";
import { Icon } from "../../ui/icon.tsx";
import { PurgeStatus } from "../../ui/purge-status/purge-status.tsx";
import { Timeline } from "../../ui/purge-status/timeline.tsx";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { PurgeStateNow } from "../../ui/state.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";
import { ImageLineMore } from "./image-line.tsx";
import { Warnings } from "./line-warnings.tsx";

type LineProps = {
  readonly of: Line;
  readonly batchId: string;
  readonly viewer: Viewer;
  /** Whether it is expanded at first. */
  readonly opened: "opened" | "closed";
};

/** One line of a batch: its state in a row and, expanded, everything about its purge. */
export function BatchLineRow(props: LineProps) {
  const { line } = props.of;
  const purge = purgeOf(props.of);
  return (
    <li id={`line-${line.line}`} class="line">
      {line.verdict === "rejected" ? (
        <RejectedLine line={line} />
      ) : purge === undefined ? (
        <div class="row">
          <span class="line-number">{line.line}</span>
          <span class="pill state expired">Expired</span>
          <span class="quiet">It ended longer ago than the retention time, so its record is gone.</span>
        </div>
      ) : line.verdict === "image" ? (
        <ImageLineMore {...props} line={line} />
      ) : (
        <ServedLine {...props} line={line} purge={purge} />
      )}
    </li>
  );
}

function RejectedLine({ line }: { readonly line: Extract<BatchLine, { verdict: "rejected" }> }) {
  return (
    <>
      <div class="row">
        <span class="line-number">{line.line}</span>
        <span class="pill state rejected">
          <Icon name="refused" />
          Rejected
        </span>
        <span>
          <TargetUrl url={line.input} />
        </span>
      </div>
      <ul class="violations">
        {line.violations.map((violation) => (
          <ViolationItem violation={violation} />
        ))}
      </ul>
    </>
  );
}

function ViolationItem({ violation }: { readonly violation: Violation }) {
  return (
    <li>
      <QuotedText text={violation.message} />
      {violation.suggestion === undefined ? null : (
        <>
          {" "}
          Use this instead: <TargetUrl url={violation.suggestion} />
        </>
      )}
    </li>
  );
}

/** A line that one purge serves. */
type LineOfOne = Exclude<BatchLine, { verdict: "rejected" | "image" }>;

function ServedLine(
  props: LineProps & {
    readonly line: LineOfOne;
    readonly purge: Purge;
  },
) {
  const { line, purge, viewer, batchId } = props;
  const cleared = isCleared(props.of);
  const note = verdictNote(line, cleared);
  return (
    <details id={`line-${line.line}-more`} open={props.opened === "opened"}>
      <summary class="row">
        <span class="line-number">{line.line}</span>
        <PurgeStateNow
          purge={purge}
          state={isCancelledHere(line, purge.id) ? "cancelled" : purge.state}
          now={viewer.health.now}
        />
        <span>
          <TargetUrl url={(line.verdict === "covered" ? line.input : undefined) ?? purge.url} />
          {cleared === false ? (
            <>
              {" "}
              <strong class="line-note not-cleared">not cleared</strong>
            </>
          ) : null}
          {note === undefined ? null : <span class="line-note quiet"> {note}</span>}{" "}
          {line.verdict === "covered" ? null : <EdgeMark outcome={seenOf(purge)?.outcome} />}
        </span>
        <span class="line-when quiet">
          <Time at={purge.timeline.at(-1)?.at ?? purge.createdAt} show="age" />
        </span>
      </summary>
      <div class="more">
        <Serving line={line} purge={purge} batchId={batchId} viewer={viewer} />
        {line.verdict === "accepted" || line.verdict === "joined" ? (
          <>
            {line.cancelled === true && purge.state !== "cancelled" ? (
              <p>This batch no longer waits for it. It continues for others:</p>
            ) : null}
            <PurgeStatus purge={purge} viewer={{ ...viewer, here: `${viewer.here}#line-${line.line}` }} />
            <Timeline purge={purge} now={viewer.health.now} />
            <Warnings warnings={line.warnings} />
            <p>
              <a href={linkTo(viewer, `/purges/${purge.id}`)}>All about this purge</a>
            </p>
          </>
        ) : null}
      </div>
    </details>
  );
}

/** Which other line or batch it depends on. A line is called cleared only when its purge has completed. */
function verdictNote(line: LineOfOne, cleared: boolean | undefined): string | undefined {
  switch (line.verdict) {
    case "accepted":
      return undefined;
    case "joined":
      return "joined, free";
    case "duplicate":
      return `same as line ${line.of}`;
    case "covered": {
      if ("cover" in line) {
        const verb = cleared === undefined ? "covered" : "cleared";
        return cleared === false ? `by the folder ${line.cover}` : `${verb} with the folder ${line.cover}`;
      }
      if (cleared === false) return `by the wildcard on line ${line.by}`;
      const verb = cleared === true ? "cleared" : "covered";
      return line.input === undefined
        ? `${verb} too: see line ${line.by}`
        : `${verb} by the wildcard on line ${line.by}`;
    }
  }
}

/** Which other batch or line this line's purge comes from. */
function Serving(props: {
  readonly line: LineOfOne;
  readonly purge: Purge;
  readonly batchId: string;
  readonly viewer: Viewer;
}) {
  const { line, purge, batchId, viewer } = props;
  switch (line.verdict) {
    case "accepted":
      return null;
    case "duplicate":
      return (
        <p>
          The same URL as <a href={`#line-${line.of}`}>line {line.of}</a>, which shows its progress.
        </p>
      );
    case "covered":
      if ("cover" in line) return <CoveredByFolder cover={line.cover} purge={purge} viewer={viewer} />;
      return (
        <p>
          {purge.state === "completed" ? (
            <>
              The wildcard on <a href={`#line-${line.by}`}>line {line.by}</a> cleared this line’s URL too, for
              free.
            </>
          ) : isTerminal(purge.state) ? (
            <>
              This URL was not cleared: the wildcard on <a href={`#line-${line.by}`}>line {line.by}</a>, which
              covers it, was {purge.state}. Send it on its own.
            </>
          ) : (
            <>
              The wildcard on <a href={`#line-${line.by}`}>line {line.by}</a> covers this line’s URL, for
              free. It is cleared once that line is Completed.
            </>
          )}
        </p>
      );
    case "joined":
      return purge.batchId === batchId ? null : (
        <p>
          <a href={linkTo(viewer, `/batches/${purge.batchId}`)}>An earlier batch</a> of {purge.actor}{" "}
          requested the same URL, so this line {isTerminal(purge.state) ? "shares" : "waits for"} that purge
          and is free.
        </p>
      );
  }
}

function CoveredByFolder(props: { readonly cover: string; readonly purge: Purge; readonly viewer: Viewer }) {
  const { cover, purge, viewer } = props;
  const clears = <a href={linkTo(viewer, `/purges/${purge.id}`)}>a purge of the folder {cover}</a>;
  if (purge.state === "completed") return <p>This URL was cleared by {clears}.</p>;
  return isTerminal(purge.state) ? (
    <p>
      This URL was not cleared: {clears} was {purge.state}. Send it on its own.
    </p>
  ) : (
    <p>This URL is cleared by {clears}, once that is Completed.</p>
  );
}
