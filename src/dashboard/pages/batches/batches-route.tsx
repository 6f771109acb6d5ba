import type { Batch } from "../../../domain/batch.ts";
import { idPattern } from "../../../domain/ids.ts";
import { isUnfinished, unfinishedSupport } from "../../../http/answers/support-text.ts";
import { createRouter } from "../../../http/router.ts";
import type { Services } from "../../../services.ts";
import { pollThenReadBatch } from "../../../use-cases/read-purges.ts";
import { mostBatches } from "../../shared/several-batches.ts";
import { pluralize } from "../../shared/words.ts";
import { costOf } from "../../ui/batch-cost.ts";
import { batchLines } from "../../ui/batch-lines.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { completedOf, Progress } from "../../ui/progress.tsx";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { ReloadNote, refreshSeconds } from "../../ui/refresh.tsx";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { Scheduled } from "../../ui/scheduled.tsx";
import { SupportSection, unfinishedHeading } from "../../ui/support-mail.tsx";
import { Time } from "../../ui/time.tsx";

/** One request that was submitted as several batches: the progress of all and of each, with a link. */
export function batchesPageRoute(dashboard: DashboardContext) {
  return createRouter().get("/batches", requirePerson(dashboard, "read"), async (c) => {
    const services = c.get("services");
    const ids = batchIdsIn(new URL(c.req.url).searchParams);
    const [health, batches] = await Promise.all([services.ledger.health(), readBatches(services, ids)]);
    const [first] = batches;
    if (first === undefined) {
      return notFoundPage(
        c,
        dashboard,
        "None of the batches in this address is kept any more. See the list of requests.",
      );
    }
    const lines = batches.flatMap(batchLines);
    const units = batches.reduce((sum, batch) => sum + batch.units, 0);
    const heading = `${pluralize(batches.length, "batch")} of ${pluralize(lines.length, "line")}`;
    const isShared = batches.every(({ reason, actor }) => reason === first.reason && actor === first.actor);
    const open = batches.flatMap((batch) => (batch.done ? [] : batch.purges));
    // Two of the batches may wait for the same purge.
    const purges = new Map(
      batches.flatMap((batch) => batch.purges.map((purge) => [purge.id, purge] as const)),
    );
    const forSupport = [...purges.values()].filter(isUnfinished);
    const content = (
      <>
        <h1>{heading}</h1>
        {isShared && first.reason !== undefined ? (
          <p class="lead">
            <QuotedText text={first.reason} />
          </p>
        ) : null}
        <p class="quiet">
          {isShared ? (
            <>
              {first.actor}, <Time at={first.createdAt} /> ·{" "}
            </>
          ) : null}
          {pluralize(units, "unit")} together
        </p>
        {open.length === 0 ? null : <ReloadNote now={health.now} />}
        <div id="watch" data-refresh-seconds={refreshSeconds(open, health.now)}>
          <p class="together" id="together">
            <strong>
              {completedOf(lines)} of {pluralize(lines.length, "line")} completed
            </strong>
          </p>
          <Scheduled purges={[...purges.values()]} now={health.now} />
          {forSupport.length === 0 ? null : (
            <SupportSection
              id="support-text"
              heading={unfinishedHeading(forSupport.length)}
              support={unfinishedSupport(forSupport)}
            />
          )}
          <ol class="several" id="several">
            {batches.map((batch, index) => (
              <OneOfSeveral
                batch={batch}
                name={`Batch ${index + 1}`}
                path={linkTo(dashboard, `/batches/${batch.id}`)}
                saysReason={!isShared}
              />
            ))}
          </ol>
        </div>
      </>
    );
    const title = `(${completedOf(lines)}/${lines.length}) ${heading}`;
    return showPage(c, dashboard, { title, caller: c.get("caller"), health, section: "requests" }, content);
  });
}

/** Read at once; the first of them make their due status checks too, and the sweep makes those of the others. */
const atOnce = 10;

async function readBatches(services: Services, ids: readonly string[]): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const read = await Promise.all(
      ids
        .slice(from, from + atOnce)
        .map((id) => (from === 0 ? pollThenReadBatch(services, id, 0) : services.ledger.readBatch(id))),
    );
    batches.push(...read.filter((batch) => batch !== undefined));
  }
  return batches;
}

function OneOfSeveral(props: {
  readonly batch: Batch;
  readonly name: string;
  readonly path: string;
  readonly saysReason: boolean;
}) {
  const { batch, name, path, saysReason } = props;
  return (
    <li id={batch.id} class="card">
      <h2>
        <a href={path}>{name}</a>
      </h2>
      {saysReason && batch.reason !== undefined ? (
        <p>
          <QuotedText text={batch.reason} />
        </p>
      ) : null}
      <p class="quiet">
        {batch.actor}, <Time at={batch.createdAt} /> · {costOf(batch)}
      </p>
      <Progress lines={batchLines(batch)} page={path} id={`progress-${batch.id}`} />
    </li>
  );
}

/** The ids of the batches in such an address. */
function batchIdsIn(search: URLSearchParams): readonly string[] {
  const ids = search.getAll("id").filter((id) => idPattern("b").test(id));
  return [...new Set(ids)].slice(0, mostBatches);
}
