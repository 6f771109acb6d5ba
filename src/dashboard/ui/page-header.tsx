import type { Config } from "../../config.ts";
import type { Caller } from "../../domain/caller.ts";
import type { LedgerHealth } from "../../ledger/contract.ts";
import { adviceFor } from "./advice.ts";
import { needAttention } from "./attention.tsx";
import { Callout } from "./callout.tsx";
import type { DashboardContext } from "./context.ts";
import { TimedText } from "./sentence.tsx";
import { dateIn } from "./time.tsx";

export type Section = "requests" | "new" | "profiles" | "budget" | "health";

const sections = [
  { section: "requests", path: "/", word: "Requests" },
  { section: "profiles", path: "/profiles", word: "Profiles" },
  { section: "budget", path: "/budget", word: "Budget" },
  { section: "health", path: "/health", word: "Health" },
] as const;

type PageHeaderAbout = {
  readonly basePath: string;
  readonly caller?: Caller | undefined;
  readonly health?: LedgerHealth | undefined;
  readonly section?: Section | undefined;
  readonly said?: readonly string[] | undefined;
  /** Among them are the admins, whom others can tell of an alarm. */
  readonly tokens: Config["tokens"];
  readonly isSimulated: boolean;
  /** The quota's time zone, used for the day of the reset. */
  readonly timeZone: string;
  readonly samplePath: DashboardContext["samplePath"];
};

/** Navigation, the budget, the account, and below them the alarms. */
export function PageHeader(about: PageHeaderAbout) {
  const { basePath, caller, health, section, said = [], tokens, isSimulated, timeZone, samplePath } = about;
  const [alarm, ...others] = health?.alarms.filter(({ code }) => !said.includes(code)) ?? [];
  return (
    <header>
      <div class="page-header">
        <a class="brand" href={`${basePath}/`}>
          Purge Desk
        </a>
        {caller === undefined ? null : (
          <>
            <nav aria-label="Pages">
              {sections.map((each) => (
                <a href={basePath + each.path} aria-current={each.section === section ? "page" : undefined}>
                  {each.word}
                  {each.section === "health" && health !== undefined ? <HealthCount health={health} /> : null}
                </a>
              ))}
            </nav>
            {health === undefined ? null : <BudgetLeft {...{ health, basePath, timeZone }} />}
            <form method="post" action={`${basePath}/sign-out`} class="account">
              <span class="quiet">{caller.name}</span>
              <button type="submit">Sign out</button>
            </form>
            {caller.scopes.includes("purge") ? (
              <a class="button primary" href={`${basePath}/new`} id="new-request">
                New request
              </a>
            ) : null}
          </>
        )}
      </div>
      {isSimulated ? (
        <p class="strip">
          Simulated ImageKit: nothing is purged, and no quota is spent.
          {samplePath === undefined || caller?.scopes.includes("purge") !== true ? null : (
            <>
              {" "}
              <a href={basePath + samplePath}>Try it with a sample image</a>
            </>
          )}
        </p>
      ) : null}
      {alarm === undefined || caller === undefined || section === "health" ? null : (
        <div class="alarms">
          <Callout kind="alarm">
            <p>
              <TimedText
                text={adviceFor(caller, { name: `alarm-${alarm.code}`, advice: alarm.message }, tokens)}
              />
              {others.length > 0 ? ` And ${others.length} more.` : ""}{" "}
              <a href={`${basePath}/health`}>See health</a>
            </p>
          </Callout>
        </div>
      )}
    </header>
  );
}

/** Kept in the page while it is zero, so that a refresh can fill it. */
function HealthCount({ health }: { readonly health: LedgerHealth }) {
  const count = needAttention(health);
  return (
    <span id="health-count" class="count">
      {count === 0 ? null : (
        <>
          {count.toLocaleString("en")}
          <span class="visually-hidden"> need attention</span>
        </>
      )}
    </span>
  );
}

function BudgetLeft(about: {
  readonly health: LedgerHealth;
  readonly basePath: string;
  readonly timeZone: string;
}) {
  const { health, basePath, timeZone } = about;
  const { available, quota, resetsAt } = health.budget;
  const left = Math.max(0, available);
  const isLow = left * 10 < quota;
  return (
    <a id="budget-left" class={`budget-left${isLow ? " low" : ""}`} href={`${basePath}/budget`}>
      <strong>{left.toLocaleString("en")}</strong> of {quota.toLocaleString("en")} left
      <span class="quiet"> until {dateIn(timeZone, resetsAt)}</span>
    </a>
  );
}
