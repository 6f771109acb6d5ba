import type { EpochMs } from "../../../domain/time.ts";
import type { Check } from "../../../http/answers/check.ts";
import { healthChecks, ledgerAway, worstOf } from "../../../http/answers/health-checks.ts";
import { createRouter } from "../../../http/router.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import { healthNow } from "../../../use-cases/health-now.ts";
import { adviceFor } from "../../ui/advice.ts";
import { can, type DashboardContext } from "../../ui/context.ts";
import { Icon } from "../../ui/icon.tsx";
import { showPage } from "../../ui/page.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { Time } from "../../ui/time.tsx";
import { Alarms, Checks } from "./checks.tsx";
import { summarizeChecks } from "./describe-check.ts";
import { Tried } from "./tried.tsx";

/** All checks, with what was seen and what to do. An unreachable ledger is one of them. */
export function healthPageRoute(dashboard: DashboardContext) {
  return createRouter().get("/health", requirePerson(dashboard, "read"), async (c) => {
    const health = await healthNow(c.get("services"));
    const checks = health === undefined ? [ledgerAway] : healthChecks(health);
    const about = {
      title: summarizeChecks(checks),
      caller: c.get("caller"),
      health,
      section: "health",
    } as const;
    const now = health?.now ?? dashboard.services.clock.now();
    const { tokens } = dashboard.services.config;
    const worded = checks.map((check) => ({
      ...check,
      advice: adviceFor(about.caller, check, tokens) || null,
    }));
    const isAway = health === undefined;
    const content = (
      <HealthPage
        checks={worded}
        now={now}
        basePath={dashboard.basePath}
        isAway={isAway}
        mayTry={can(c.get("caller"), "admin")}
        tried={c.req.query("done") === "tried" ? health : undefined}
      />
    );
    if (health !== undefined) return showPage(c, dashboard, about, content);
    c.set("problemCode", "ledger-unavailable");
    c.header("Retry-After", "5");
    return showPage(c, dashboard, about, content, 503);
  });
}

type HealthPageAbout = {
  readonly checks: readonly Check[];
  readonly now: EpochMs;
  readonly basePath: string;
  /** The ledger does not answer. */
  readonly isAway: boolean;
  readonly mayTry: boolean;
  /** The ledger after the reader has tried the key. */
  readonly tried: LedgerHealth | undefined;
};

function HealthPage({ checks, now, basePath, isAway, mayTry, tried }: HealthPageAbout) {
  return (
    <div class="health">
      <h1>Health</h1>
      <div id="health" data-refresh-seconds="15">
        <div class={`summary ${worstOf(checks)}`} id="health-summary">
          <p>
            <Icon name={worstOf(checks)} />
            {summarizeChecks(checks)}
          </p>
          <p class="quiet small">
            As of <Time at={now} show="clock" />
          </p>
        </div>
        {tried === undefined ? null : <Tried health={tried} />}
        <Alarms checks={checks} basePath={basePath} mayTry={mayTry} />
        {isAway ? (
          <p class="quiet" id="health-rest">
            Every other check needs the ledger. Accepted purges are safe in it and continue once it answers.
            Until then, nothing can be submitted. Reload this page to check again.
          </p>
        ) : (
          <>
            <h2 class="visually-hidden" id="health-heading">
              Every check
            </h2>
            <Checks checks={checks} basePath={basePath} />
          </>
        )}
      </div>
    </div>
  );
}
