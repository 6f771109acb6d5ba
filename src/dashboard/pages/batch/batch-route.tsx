import type { Context } from "hono";
import type { Batch } from "../../../domain/batch.ts";
import { idPattern } from "../../../domain/ids.ts";
import { isUnfinished, unfinishedSupport } from "../../../http/answers/support-text.ts";
import type { Env } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import { pollThenReadBatch } from "../../../use-cases/read-purges.ts";
import { batchLines, type Line } from "../../ui/batch-lines.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { Icon } from "../../ui/icon.tsx";
import { showPage } from "../../ui/page.tsx";
import { sendingPause } from "../../ui/purge-status/next-step.ts";
import { resultNamed } from "../../ui/purge-status/purge-actions.ts";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { ReloadNote, refreshSeconds } from "../../ui/refresh.tsx";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { Sentence } from "../../ui/sentence.tsx";
import { SupportSection } from "../../ui/support-mail.tsx";
import { Time } from "../../ui/time.tsx";
import { BatchLineRow } from "./batch-line.tsx";
import { Progress } from "./progress.tsx";

/** A batch, line by line. Makes due status checks first. */
export function batchPageRoute(dashboard: DashboardContext) {
  return createRouter().get("/batches/:id", requirePerson(dashboard, "read"), async (c) => {
    const services = c.get("services");
    const id = c.req.param("id");
    if (!idPattern("b").test(id)) return noSuchBatchPage(c, dashboard);
    const [batch, health] = await Promise.all([pollThenReadBatch(services, id, 0), services.ledger.health()]);
    if (batch === undefined) return noSuchBatchPage(c, dashboard);
    const caller = c.get("caller");
    const shows = c.req.query("show") === "open" ? "open" : "all";
    const path = linkTo(dashboard, `/batches/${id}`);
    const viewer: Viewer = {
      basePath: dashboard.basePath,
      caller,
      health,
      policy: services.config.policy,
      here: shows === "open" ? `${path}?show=open` : path,
      done: resultNamed(c.req.query("done")),
    };
    const content = (
      <BatchPage batch={batch} viewer={viewer} path={path} shows={shows} actedOn={c.req.query("of")} />
    );
    const title = batch.lines.length === 1 ? "Batch of 1 line" : `Batch of ${batch.lines.length} lines`;
    return showPage(c, dashboard, { title, caller, health, section: "requests" }, content);
  });
}

function noSuchBatchPage(c: Context<Env>, dashboard: DashboardContext): Promise<Response> {
  return notFoundPage(
    c,
    dashboard,
    "There is no batch with this id. It may have ended longer ago than the retention time.",
  );
}

function BatchPage(props: {
  readonly batch: Batch;
  readonly viewer: Viewer;
  readonly path: string;
  readonly shows: "open" | "all";
  /** The purge that the reader has just acted on. Its line is always shown, and expanded. */
  readonly actedOn?: string | undefined;
}) {
  const { batch, viewer, path, shows, actedOn } = props;
  const { now } = viewer.health;
  const lines = batchLines(batch);
  const isActedOn = ({ line }: Line) =>
    (line.verdict === "accepted" || line.verdict === "joined") && line.purgeId === actedOn;
  const unfinished = lines.filter((line) => line.state !== "completed");
  const shown =
    shows === "all" ? lines : lines.filter((line) => unfinished.includes(line) || isActedOn(line));
  const pause = lines.some(({ state }) => state === "queued") ? sendingPause(viewer.health) : undefined;
  const forSupport = batch.purges.filter(isUnfinished);
  return (
    <article class="batch">
      <h1>{lines.length === 1 ? "Batch of 1 line" : `Batch of ${lines.length} lines`}</h1>
      {batch.reason === undefined ? null : (
        <p class="lead">
          <QuotedText text={batch.reason} />
        </p>
      )}
      <p class="quiet">
        {batch.actor}, <Time at={batch.createdAt} /> · {costOf(batch)}
      </p>
      {batch.done ? null : <ReloadNote now={now} />}
      <div id="watch" data-refresh-seconds={refreshSeconds(batch.done ? [] : batch.purges, now)}>
        <Progress lines={lines} />
        {pause === undefined ? null : (
          <p class="pause" id="pause">
            <Icon name="info" />
            <span>
              <Sentence parts={pause} now={now} />
            </span>
          </p>
        )}
        {forSupport.length === 0 ? null : (
          <SupportSection
            id="support-text"
            heading={
              forSupport.length === 1
                ? "One purge for ImageKit’s support"
                : `${forSupport.length} purges for ImageKit’s support`
            }
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
                viewer={isActedOn(line) ? viewer : { ...viewer, done: undefined }}
                opened={isActedOn(line) || lines.length === 1 ? "opened" : "closed"}
              />
            ))}
          </ol>
        )}
      </div>
      <p class="quiet batch-id">
        Batch id <code>{batch.id}</code>
      </p>
    </article>
  );
}

function costOf({ units, lines }: Batch): string {
  const amount = units === 0 ? "free" : units === 1 ? "1 unit" : `${units} units`;
  const joined = lines.filter(({ verdict }) => verdict === "joined").length;
  if (joined === 0) return amount;
  return `${amount}; ${joined === 1 ? "1 joined line is" : `${joined} joined lines are`} free`;
}
