import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { idPattern } from "../../../domain/ids.ts";
import { isTerminal, type Purge } from "../../../domain/purge.ts";
import { isStale, isUnfinished, unfinishedSupport } from "../../../http/answers/support-text.ts";
import type { Env } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import { isSigned } from "../../../rules/signed-url.ts";
import { pollThenReadPurge } from "../../../use-cases/read-purges.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { EdgeMark, seenOf } from "../../ui/edge-mark.tsx";
import { OpenImage } from "../../ui/open-image.tsx";
import { showPage } from "../../ui/page.tsx";
import { alarmsExplained } from "../../ui/purge-status/next-step.ts";
import { resultNamed } from "../../ui/purge-status/purge-actions.ts";
import { PurgeStatus } from "../../ui/purge-status/purge-status.tsx";
import { Timeline } from "../../ui/purge-status/timeline.tsx";
import type { Viewer } from "../../ui/purge-status/viewer.ts";
import { isOver, ReloadNote, refreshSeconds } from "../../ui/refresh.tsx";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { Reuse } from "../../ui/reuse.tsx";
import { meaningOf, PurgeStateNow, stateWords, waitsUntil } from "../../ui/state.tsx";
import { StillStale } from "../../ui/still-stale.tsx";
import { CopyButton, SupportSection } from "../../ui/support-mail.tsx";
import { TargetUrl } from "../../ui/target.tsx";
import { EdgeSection } from "./edge-section.tsx";
import { PurgeFacts } from "./purge-facts.tsx";

type Shown = {
  readonly purge: Purge;
  readonly health: LedgerHealth;
  /** Shown at the top: why the action was not performed. */
  readonly refusal?: { readonly status: 403 | 409 | 429; readonly content: Child } | undefined;
};

/** Everything about one purge. */
export function showPurge(
  c: Context<Env>,
  dashboard: DashboardContext,
  { purge, health, refusal }: Shown,
): Promise<Response> {
  const caller = c.get("caller");
  const { endpoints } = dashboard.services.config;
  const viewer: Viewer = {
    basePath: dashboard.basePath,
    caller,
    health,
    policy: dashboard.services.config.policy,
    here: linkTo(dashboard, `/purges/${purge.id}`),
    done: resultNamed(c.req.query("done")),
  };
  const content = (
    <article class="purge">
      {refusal?.content}
      <h1>
        <span class="eyebrow">Purge</span>{" "}
        <span id="url">
          <TargetUrl url={purge.url} />
        </span>
      </h1>
      <p class="url-tools">
        {isSigned(purge.url) ? null : <CopyButton of="url">Copy the URL</CopyButton>}{" "}
        <OpenImage purge={purge} />
      </p>
      {isOver(purge) ? null : <ReloadNote now={health.now} />}
      {/* Not after a refusal: its address cannot be fetched with GET. */}
      <div id="watch" data-refresh-seconds={refusal ? undefined : refreshSeconds([purge], health.now)}>
        <p class="lead">
          <PurgeStateNow purge={purge} state={purge.state} now={health.now} />{" "}
          <EdgeMark outcome={seenOf(purge)?.outcome} /> {meaningOf(purge)}
        </p>
        <StillStale purges={[purge]} reason={purge.reason} endpoints={endpoints} viewer={viewer} />
        <div class="columns">
          <div>
            <section class="card" id="so-far" aria-labelledby="so-far-heading">
              <h2 id="so-far-heading">So far</h2>
              <PurgeStatus purge={purge} viewer={viewer} />
            </section>
            <EdgeSection purge={purge} now={health.now} />
            {isUnfinished(purge) ? (
              <SupportSection
                id="support-text"
                heading="Ask ImageKit’s support"
                support={unfinishedSupport([purge])}
              />
            ) : null}
            <section aria-labelledby="timeline-heading">
              <h2 id="timeline-heading">Timeline</h2>
              <Timeline purge={purge} now={health.now} />
            </section>
            <Reuse
              names={[purge.url]}
              reason={purge.reason}
              endpoints={endpoints}
              api={new URL(c.req.url).origin + linkTo(dashboard, "/api/purges")}
              ended={isTerminal(purge.state) && !isStale(purge)}
              viewer={viewer}
            />
          </div>
          <PurgeFacts purge={purge} viewer={viewer} />
        </div>
      </div>
    </article>
  );
  const about = {
    title: `Purge, ${waitsUntil(purge, health.now) === undefined ? stateWords[purge.state].word : "Scheduled"}`,
    caller,
    health,
    section: "requests",
    said: alarmsExplained([purge], health),
  } as const;
  return showPage(c, dashboard, about, content, refusal?.status);
}

export function noSuchPurgePage(c: Context<Env>, dashboard: DashboardContext): Promise<Response> {
  return notFoundPage(
    c,
    dashboard,
    "There is no purge with this id. It may have ended longer ago than the retention time.",
  );
}

/** One purge. Makes a due status check first. */
export function purgePageRoute(dashboard: DashboardContext) {
  return createRouter().get("/purges/:id", requirePerson(dashboard, "read"), async (c) => {
    const services = c.get("services");
    const id = c.req.param("id");
    if (!idPattern("p").test(id)) return noSuchPurgePage(c, dashboard);
    const [purge, health] = await Promise.all([pollThenReadPurge(services, id), services.ledger.health()]);
    return purge === undefined ? noSuchPurgePage(c, dashboard) : showPurge(c, dashboard, { purge, health });
  });
}
