import type { Batch, BatchLine } from "../../../domain/batch.ts";
import { isUnfinished, unfinishedSupport } from "../../../http/answers/support-text.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { pluralize } from "../../shared/words.ts";
import { costOf } from "../../ui/batch-cost.ts";
import { type Line, namesOfLine, purgeIdsOf, type ServedBy } from "../../ui/batch-lines.ts";
import { linkTo } from "../../ui/context.ts";
import { Icon } from "../../ui/icon.tsx";
import { Progress } from "../../ui/progress.tsx";
import { alarmsExplained, sendingPause } from "../../ui/purge-status/next-step.ts";
import { circumstancesFor, type Viewer } from "../../ui/purge-status/viewer.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { isOver, ReloadNote, refreshSeconds } from "../../ui/refresh.tsx";
import { Reuse } from "../../ui/reuse.tsx";
import { Scheduled } from "../../ui/scheduled.tsx";
import { Sentence } from "../../ui/sentence.tsx";
import { waitsUntil } from "../../ui/state.tsx";
import { StillStale } from "../../ui/still-stale.tsx";
import { CopyButton, SupportSection, unfinishedHeading } from "../../ui/support-mail.tsx";
import { Time } from "../../ui/time.tsx";
import { BatchLineRow } from "./batch-line.tsx";
import { CancelBatch, Cancelled } from "./cancel-batch.tsx";
import { EdgeTally } from "./edge-tally.tsx";
import { NotCleared } from "./not-cleared.tsx";

type BatchPageAbout = {
  readonly batch: Batch;
  readonly lines: readonly Line[];
  readonly viewer: Viewer;
  readonly endpoints: readonly UrlEndpoint[];
  /** The address of the API's submissions, with its origin. */
  readonly api: string;
  readonly path: string;
  readonly shows: "open" | "all";
  /** The purge that the reader has just acted on. Its line is always shown, and expanded. */
  readonly actedOn?: string | undefined;
  /** Whether the reader comes from cancelling the batch. */
  readonly wasCancelled: boolean;
};

/** `Batch of 7 lines`. */
export function batchTitle({ lines }: Batch): string {
  return `Batch of ${pluralize(lines.length, "line")}`;
}

export function BatchPage(props: BatchPageAbout) {
  const { batch, lines, viewer, endpoints, api, path, shows, actedOn, wasCancelled } = props;
  const { now } = viewer.health;
  const isActedOn = ({ line }: Line) =>
    actedOn !== undefined && hasOwnPurges(line) && purgeIdsOf(line).includes(actedOn);
  const unfinished = lines.filter((line) => line.state !== "completed");
  const shown =
    shows === "all" ? lines : lines.filter((line) => unfinished.includes(line) || isActedOn(line));
  const isDue = ({ state, purge }: ServedBy) => state === "queued" && waitsUntil(purge, now) === undefined;
  const pause = lines.some(({ served }) => served.some(isDue))
    ? sendingPause(circumstancesFor(viewer))
    : undefined;
  const inLines: Viewer = pause === undefined ? viewer : { ...viewer, isPauseSaid: true };
  const forSupport = batch.purges.filter(isUnfinished);
  return (
    <article class="batch">
      <h1>{batchTitle(batch)}</h1>
      {batch.reason === undefined ? null : (
        <p class="lead">
          <QuotedText text={batch.reason} />
        </p>
      )}
      <div id="watch" data-refresh-seconds={refreshSeconds(batch.purges, now)}>
        <p class="quiet">
          {batch.actor}, <Time at={batch.createdAt} /> · {costOf(batch)}
        </p>
        {batch.purges.every(isOver) ? null : <ReloadNote now={now} />}
        {wasCancelled ? <Cancelled batch={batch} /> : null}
        <Progress lines={lines} />
        <EdgeTally lines={lines} />
        {pause === undefined ? null : (
          <p class="pause" id="pause">
            <Icon name="info" />
            <span>
              <Sentence parts={pause} now={now} />
              {alarmsExplained(batch.purges, viewer.health).length === 0 ? null : (
                <>
                  {" "}
                  <a href={linkTo(viewer, "/health")}>See health</a>
                </>
              )}
            </span>
          </p>
        )}
        <Scheduled purges={batch.purges} now={now} />
        <NotCleared lines={lines} reason={batch.reason} endpoints={endpoints} viewer={viewer} />
        <StillStale purges={batch.purges} reason={batch.reason} endpoints={endpoints} viewer={viewer} />
        <CancelBatch batch={batch} viewer={viewer} />
        {forSupport.length === 0 ? null : (
          <SupportSection
            id="support-text"
            heading={unfinishedHeading(forSupport.length)}
            support={unfinishedSupport(forSupport)}
          />
        )}
        {lines.length === 1 ? null : (
          <nav class="filter" aria-label="Lines shown" id="filter">
            <a href={path} aria-current={shows === "all" ? "true" : undefined}>
              All {lines.length}
            </a>
            <a href={`${path}?show=open`} aria-current={shows === "open" ? "true" : undefined}>
              Not completed ({unfinished.length})
            </a>
          </nav>
        )}
        {shown.length === 0 ? (
          <p id="nothing-left">All lines are completed.</p>
        ) : (
          <ol class="lines" id="lines" aria-label="Lines">
            {shown.map((line) => (
              <BatchLineRow
                of={line}
                batchId={batch.id}
                viewer={isActedOn(line) ? inLines : { ...inLines, done: undefined }}
                opened={isActedOn(line) || lines.length === 1 ? "opened" : "closed"}
              />
            ))}
          </ol>
        )}
        <Reuse
          names={lines.filter(({ line }) => line.verdict !== "rejected").flatMap(namesOfLine)}
          unitsOfImages={lines.reduce((sum, { line }) => sum + unitsOfImage(line), 0)}
          reason={batch.reason}
          endpoints={endpoints}
          api={api}
          ended={batch.done}
          viewer={viewer}
        />
      </div>
      <p class="quiet batch-id">
        Batch id <code id="batch-id">{batch.id}</code>{" "}
        <CopyButton of="batch-id" about="Copy the batch id">
          Copy
        </CopyButton>
      </p>
    </article>
  );
}

/** Whether the line shows its purges itself, and not another line for it. */
function hasOwnPurges(line: BatchLine): line is Exclude<BatchLine, { verdict: "rejected" }> {
  return line.verdict === "accepted" || line.verdict === "joined" || line.verdict === "image";
}

/** Without a profile an image is submitted again as its URLs; named twice, it costs once. */
function unitsOfImage(line: BatchLine): number {
  if (line.verdict !== "image" || line.profile === undefined || line.of !== undefined) return 0;
  return line.purgeIds.length;
}
