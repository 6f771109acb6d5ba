import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { Env } from "../../../http/platform.ts";
import { isUnfinished, unfinishedSupport } from "../../../http/support-text.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import { isTerminal, type Purge } from "../../../purge.ts";
import { type Desk, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { resultNamed } from "../../ui/purge-status/purge-actions.ts";
import { PurgeStory } from "../../ui/purge-status/purge-status.tsx";
import { Timeline } from "../../ui/purge-status/timeline.tsx";
import { refreshSeconds, type Watched } from "../../ui/purge-status/viewer.ts";
import { ReloadNote } from "../../ui/refresh.tsx";
import { notFoundPage } from "../../ui/refusal-pages.tsx";
import { meaningOf, State, stateWords } from "../../ui/state.tsx";
import { Support } from "../../ui/support-mail.tsx";
import { Target } from "../../ui/target.tsx";
import { PurgeFacts } from "./purge-facts.tsx";

type Shown = {
  readonly purge: Purge;
  readonly health: LedgerHealth;
  /** Above all else: why what was asked for was not done. */
  readonly refusal?: { readonly status: 403 | 409 | 429; readonly content: Child } | undefined;
};

/** Everything about one purge. */
export function showPurge(c: Context<Env>, desk: Desk, { purge, health, refusal }: Shown): Promise<Response> {
  const caller = c.get("caller");
  const watched: Watched = {
    basePath: desk.basePath,
    caller,
    health,
    policy: desk.services.config.policy,
    here: linkTo(desk, `/purges/${purge.id}`),
    done: resultNamed(c.req.query("done")),
  };
  const content = (
    <article class="purge">
      {refusal?.content}
      <h1>
        <span class="eyebrow">Purge</span> <Target url={purge.url} />
      </h1>
      {isTerminal(purge.state) ? null : <ReloadNote now={health.now} />}
      {/* Not after a refusal: its address cannot be read again. */}
      <div id="watch" data-refresh-seconds={refusal ? undefined : refreshSeconds([purge], health.now)}>
        <p class="lead">
          <State state={purge.state} /> {meaningOf(purge)}
        </p>
        <div class="columns">
          <div>
            <section class="card" id="so-far" aria-labelledby="so-far-heading">
              <h2 id="so-far-heading">So far</h2>
              <PurgeStory purge={purge} watched={watched} />
            </section>
            {isUnfinished(purge) ? (
              <Support
                id="support-text"
                heading="Ask ImageKit’s support"
                support={unfinishedSupport([purge])}
              />
            ) : null}
            <section aria-labelledby="timeline-heading">
              <h2 id="timeline-heading">Timeline</h2>
              <Timeline purge={purge} now={health.now} />
            </section>
          </div>
          <PurgeFacts purge={purge} watched={watched} />
        </div>
      </div>
    </article>
  );
  const about = {
    title: `Purge, ${stateWords[purge.state].word}`,
    caller,
    health,
    section: "requests",
  } as const;
  return showPage(c, desk, about, content, refusal?.status);
}

export function noSuchPurgePage(c: Context<Env>, desk: Desk): Promise<Response> {
  return notFoundPage(
    c,
    desk,
    "There is no purge of this id. Ended purges are kept for the retention time, so it may have been one.",
  );
}
