import type { BatchLine } from "../../../domain/batch.ts";
import type { Purge } from "../../../domain/purge.ts";
import type { Violation, Warning } from "../../../domain/verdict.ts";
import type { Line } from "../../ui/batch-lines.ts";
import { linkTo } from "../../ui/context.ts";
import { Icon } from "../../ui/icon.tsx";
import { PurgeStatus } from "../../ui/purge-status/purge-status.tsx";
import { Timeline } from "../../ui/purge-status/timeline.tsx";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { State } from "../../ui/state.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { Time } from "../../ui/time.tsx";

type LineProps = {
  readonly of: Line;
  readonly batchId: string;
  readonly viewer: Viewer;
  /** Whether it is expanded at first. */
  readonly opened: "opened" | "closed";
};

/** One line of a batch: its state in a row and, expanded, everything about its purge. */
export function BatchLineRow(props: LineProps) {
  const { line, purge } = props.of;
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

function ServedLine(
  props: LineProps & {
    readonly line: Exclude<BatchLine, { verdict: "rejected" }>;
    readonly purge: Purge;
  },
) {
  const { line, purge, viewer, batchId } = props;
  const note = verdictNote(line);
  return (
    <details id={`line-${line.line}-more`} open={props.opened === "opened"}>
      <summary class="row">
        <span class="line-number">{line.line}</span>
        <State state={line.cancelled === true ? "cancelled" : purge.state} />
        <span>
          <TargetUrl url={(line.verdict === "covered" ? line.input : undefined) ?? purge.url} />
          {note === undefined ? null : <span class="line-note quiet"> {note}</span>}
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

function verdictNote(line: Exclude<BatchLine, { verdict: "rejected" }>): string | undefined {
  switch (line.verdict) {
    case "accepted":
      return undefined;
    case "joined":
      return "joined, free";
    case "duplicate":
      return `same as line ${line.of}`;
    case "covered":
      return `${line.input === undefined ? "clears it too: see" : "cleared by the wildcard on"} line ${line.by}`;
  }
}

/** Which other batch or line this line's purge comes from. */
function Serving(props: {
  readonly line: Exclude<BatchLine, { verdict: "rejected" }>;
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
      return (
        <p>
          The wildcard on <a href={`#line-${line.by}`}>line {line.by}</a> clears this line’s URL too, for
          free.
        </p>
      );
    case "joined":
      return purge.batchId === batchId ? null : (
        <p>
          <a href={linkTo(viewer, `/batches/${purge.batchId}`)}>An earlier batch</a> of {purge.actor}{" "}
          requested the same URL, so this line waits for that purge and is free.
        </p>
      );
  }
}

function Warnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings quiet">
      {warnings.map(({ message }) => (
        <li>
          <QuotedText text={message} />
        </li>
      ))}
    </ul>
  );
}
