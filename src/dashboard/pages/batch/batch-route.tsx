import type { Context } from "hono";
import { idPattern } from "../../../domain/ids.ts";
import type { Env } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import { pollThenReadBatch } from "../../../use-cases/read-purges.ts";
import { batchLines } from "../../ui/batch-lines.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { completedOf } from "../../ui/progress.tsx";
import { alarmsExplained } from "../../ui/purge-status/next-step.ts";
import { resultNamed } from "../../ui/purge-status/purge-actions.ts";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { BatchPage, batchTitle } from "./batch-page.tsx";

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
    const done = c.req.query("done");
    const viewer: Viewer = {
      basePath: dashboard.basePath,
      caller,
      health,
      policy: services.config.policy,
      here: shows === "open" ? `${path}?show=open` : path,
      done: resultNamed(done),
    };
    const lines = batchLines(batch);
    const content = (
      <BatchPage
        batch={batch}
        lines={lines}
        viewer={viewer}
        endpoints={services.config.endpoints}
        api={new URL(c.req.url).origin + linkTo(dashboard, "/api/purges")}
        path={path}
        shows={shows}
        actedOn={c.req.query("of")}
        wasCancelled={done === "cancelled-all"}
      />
    );
    // The tab shows how far it is while the reader looks at something else.
    const title = `(${completedOf(lines)}/${lines.length}) ${batchTitle(batch)}`;
    const said = alarmsExplained(batch.purges, health);
    return showPage(c, dashboard, { title, caller, health, section: "requests", said }, content);
  });
}

export function noSuchBatchPage(c: Context<Env>, dashboard: DashboardContext): Promise<Response> {
  return notFoundPage(
    c,
    dashboard,
    "There is no batch with this id. It may have ended longer ago than the retention time.",
  );
}
