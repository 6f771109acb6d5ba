import type { Batch } from "../../../domain/batch.ts";
import { idPattern } from "../../../domain/ids.ts";
import { createRouter } from "../../../http/router.ts";
import { maximumLines } from "../../../rules/limits.ts";
import { pollThenReadBatch } from "../../../use-cases/read-purges.ts";
import { mostLines } from "../../shared/several-batches.ts";
import { pluralize } from "../../shared/words.ts";
import { batchLines, countStates } from "../../ui/batch-lines.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { QuotedText } from "../../ui/quoted-text.tsx";
import { ReloadNote, refreshSeconds } from "../../ui/refresh.tsx";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";

/** One request that was submitted as several batches: the progress of each, with a link. */
export function batchesPageRoute(dashboard: DashboardContext) {
  return createRouter().get("/batches", requirePerson(dashboard, "read"), async (c) => {
    const services = c.get("services");
    const ids = batchIdsIn(new URL(c.req.url).searchParams);
    const [health, ...read] = await Promise.all([
      services.ledger.health(),
      ...ids.map((id) => pollThenReadBatch(services, id, 0)),
    ]);
    const batches = read.filter((batch) => batch !== undefined);
    if (batches.length === 0) {
      return notFoundPage(
        c,
        dashboard,
        "None of the batches in this address is kept any more. See the list of requests.",
      );
    }
    const lines = batches.reduce((sum, batch) => sum + batch.lines.length, 0);
    const units = batches.reduce((sum, batch) => sum + batch.units, 0);
    const title = `${pluralize(batches.length, "batch")} of ${pluralize(lines, "line")}`;
    const [{ reason } = { reason: undefined }] = batches;
    const open = batches.flatMap((batch) => (batch.done ? [] : batch.purges));
    const content = (
      <>
        <h1>{title}</h1>
        {reason === undefined ? null : (
          <p>
            <QuotedText text={reason} />
          </p>
        )}
        <p class="quiet">{pluralize(units, "unit")} together</p>
        {open.length === 0 ? null : <ReloadNote now={health.now} />}
        <ol class="several" id="several" data-refresh-seconds={refreshSeconds(open, health.now)}>
          {batches.map((batch, index) => (
            <li id={batch.id} class="card">
              <h2>
                <a href={linkTo(dashboard, `/batches/${batch.id}`)}>Batch {index + 1}</a>
              </h2>
              <p>{howFar(batch)}</p>
            </li>
          ))}
        </ol>
      </>
    );
    return showPage(c, dashboard, { title, caller: c.get("caller"), health, section: "requests" }, content);
  });
}

/** `40 of 100 lines completed, 58 pending, 2 overdue; 98 units`. */
function howFar(batch: Batch): string {
  const counts = countStates(batchLines(batch));
  const completed = counts.find(({ state }) => state === "completed")?.count ?? 0;
  const others = counts
    .filter(({ state }) => state !== "completed")
    .map(({ state, count }) => `${count} ${state}`);
  const lines = `${completed} of ${pluralize(batch.lines.length, "line")} completed`;
  return `${[lines, ...others].join(", ")}; ${pluralize(batch.units, "unit")}`;
}

/** The ids of the batches in such an address. */
function batchIdsIn(search: URLSearchParams): readonly string[] {
  const ids = search.getAll("id").filter((id) => idPattern("b").test(id));
  return [...new Set(ids)].slice(0, mostLines / maximumLines);
}
