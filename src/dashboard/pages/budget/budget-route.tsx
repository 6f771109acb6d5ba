import type { Context } from "hono";
import { quotaSupport } from "../../../http/answers/support-text.ts";
import type { Env } from "../../../http/context.ts";
import { correction } from "../../../http/requests/schemas.ts";
import { validate } from "../../../http/requests/validate.ts";
import { createRouter } from "../../../http/router.ts";
import type { LedgerHealth, Month } from "../../../ledger/contract.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { type PageAbout, showPage } from "../../ui/page.tsx";
import { readForm } from "../../ui/read-form.ts";
import { requirePerson } from "../../ui/require-person.ts";
import { dateIn } from "../../ui/time.tsx";
import { ActorBars } from "./actor-bars.tsx";
import { count, countUnits } from "./amount.ts";
import { AskForMore, Exhausted, FirstMonth } from "./budget-callouts.tsx";
import { CorrectionForm, Corrections, type Entry } from "./corrections.tsx";
import { DayChart } from "./day-chart.tsx";
import { DayTable } from "./day-table.tsx";
import { forecast } from "./forecast.ts";
import { ForecastWords } from "./forecast-words.tsx";
import { Meter } from "./meter.tsx";
import { OverdrawQuestion, overdrawnBy } from "./overdraw-question.tsx";
import { ResetFacts } from "./reset-facts.tsx";

/** Where the month's units went, how long they will last, and what was spent elsewhere. */
export function budgetPageRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/budget", requirePerson(dashboard, "read"), (c) => showBudget(c, dashboard))
    .post("/budget", requirePerson(dashboard, "admin"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const typed = {
        external: (fields.get("external") ?? "").trim(),
        reason: (fields.get("reason") ?? "").trim(),
      };
      const body = { external: wholeNumber(typed.external), reason: typed.reason || undefined };
      const validated = validate(correction, body, "body");
      if ("faults" in validated) {
        const isWrong = (field: string) => validated.faults.some(({ at }) => at === `/${field}`);
        c.set("problemCode", "invalid-body");
        return showBudget(c, dashboard, {
          ...typed,
          problems: {
            external: isWrong("external")
              ? "Enter a whole number from 0 to 10,000,000 in digits alone, such as 40."
              : undefined,
            reason: isWrong("reason")
              ? `A reason can have at most 500 characters; this one has ${count([...typed.reason].length)}.`
              : undefined,
          },
        });
      }
      const { external } = validated.value;
      if (fields.get("confirmed") !== String(external)) {
        const budget = await c.get("services").ledger.readBudget();
        if (overdrawnBy(budget, external) !== undefined) {
          const { timeZone } = dashboard.services.config.policy;
          const content = <OverdrawQuestion budget={budget} external={external} timeZone={timeZone} />;
          return showBudget(c, dashboard, { ...typed, problems: {}, question: { external, content } });
        }
      }
      await c.get("services").ledger.correct({ ...validated.value, actor: c.get("caller").name });
      return c.redirect(linkTo(dashboard, "/budget?done=corrected"), 303);
    });
}

/** Anything but digits stays a string, which the schema rejects. */
function wholeNumber(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** `refused`: what was typed into the form, with its errors, or with a question. */
async function showBudget(c: Context<Env>, dashboard: DashboardContext, refused?: Entry): Promise<Response> {
  const { ledger } = c.get("services");
  const [month, health] = await Promise.all([ledger.readMonth(), ledger.health()]);
  const caller = c.get("caller");
  const about: PageAbout = {
    title: refused === undefined ? "Budget" : "Not entered: Budget",
    caller,
    health,
    section: "budget",
  };
  const content = (
    <BudgetPage
      dashboard={dashboard}
      month={month}
      health={health}
      mayCorrect={can(caller, "admin")}
      isCorrected={c.req.query("done") === "corrected"}
      refused={refused}
    />
  );
  const isWrong = refused !== undefined && refused.question === undefined;
  return showPage(c, dashboard, about, content, isWrong ? 422 : 200);
}

type BudgetPageAbout = {
  readonly dashboard: DashboardContext;
  readonly month: Month;
  readonly health: LedgerHealth;
  readonly mayCorrect: boolean;
  readonly isCorrected: boolean;
  readonly refused: Entry | undefined;
};

function BudgetPage({ dashboard, month, health, mayCorrect, isCorrected, refused }: BudgetPageAbout) {
  const { budget, startsAt, now } = month;
  const { policy } = dashboard.services.config;
  const { timeZone } = policy;
  const action = linkTo(dashboard, "/budget");
  const used = budget.spent + budget.external + budget.reserved;
  const isKnownWhole = !health.firstMonth || health.externalStated;
  const since = isKnownWhole ? startsAt : (health.createdAt ?? now);
  const limit = budget.quota - budget.margin;
  const line = forecast({ since, now, endsAt: budget.resetsAt, used, limit });
  const missing = Math.max(1, Math.ceil(line.atEnd - limit) + budget.held);
  const stated = health.externalStated ? String(budget.external) : "";
  return (
    <div class="budget">
      <h1>
        Budget{" "}
        <span class="quiet period">
          {dateIn(timeZone, startsAt)} to {dateIn(timeZone, budget.resetsAt)}
        </span>
      </h1>
      {isCorrected ? (
        <Callout kind="ok" id="corrected">
          <p>Correction saved. The figures below include it.</p>
        </Callout>
      ) : null}
      <Exhausted budget={budget} timeZone={timeZone} />
      <FirstMonth health={health} action={action} mayCorrect={mayCorrect} timeZone={timeZone} />
      <section class="card now" aria-label="The budget now">
        <p class="available">
          <strong>{count(Math.max(0, budget.available))}</strong> of {count(budget.quota)} units are available
        </p>
        <Meter budget={budget} />
        <ResetFacts month={month} policy={policy} />
      </section>

      <section aria-labelledby="chart-title">
        <h2 id="chart-title">Units by day and forecast</h2>
        <figure class="card">
          <ForecastWords month={month} forecast={line} since={since} timeZone={timeZone} />
          <DayChart month={month} forecast={line} used={used} timeZone={timeZone} />
          <DayTable month={month} />
        </figure>
      </section>

      <div class="two">
        <div>
          <section aria-labelledby="actors-title">
            <h2 id="actors-title">Units by actor</h2>
            <ActorBars actors={month.actors} />
          </section>
          <section aria-labelledby="corrections-title">
            <h2 id="corrections-title">Spent elsewhere</h2>
            <p>
              {health.externalStated
                ? `${countUnits(budget.external)} in this period, as entered.`
                : "Nothing has been entered for this period, so it counts as 0."}
            </p>
            <Corrections corrections={month.corrections} />
            {mayCorrect ? null : (
              <p class="quiet" id="correction">
                To enter a correction, ask an admin.
              </p>
            )}
          </section>
        </div>
        {mayCorrect ? (
          <CorrectionForm action={action} entry={refused ?? { external: stated, reason: "", problems: {} }} />
        ) : null}
      </div>
      {line.outcome === "exhausted" || line.outcome === "runs-out" ? (
        <AskForMore support={quotaSupport(budget, missing, "more before it ends")} />
      ) : null}
    </div>
  );
}
