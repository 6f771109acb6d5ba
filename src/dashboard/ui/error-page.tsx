import type { Context } from "hono";
import { problems } from "../../http/answers/problem.ts";
import type { Env } from "../../http/context.ts";
import { LedgerFull, LedgerInDoubt, LedgerUnavailable, RequestTooLarge } from "../../ledger/contract.ts";
import { type RateLimit, TooManyRequests } from "../../ledger/principal.ts";
import { errorFields } from "../../log.ts";
import { pluralize } from "../shared/words.ts";
import type { DashboardContext } from "./context.ts";
import { refusalPage } from "./refusal-pages.tsx";

const inLog = "Tell an admin the request id below: the log has the cause under it.";

function unansweredWords(c: Context<Env>, dashboard: DashboardContext): string {
  return c.req.method === "GET"
    ? "there is nothing to show. Accepted purges are safe, and continue as soon as it answers again."
    : `it is not known whether your change was made. Accepted purges are safe. ${repeatWords(c, dashboard)}`;
}

function unavailableWords(error: LedgerUnavailable, c: Context<Env>, dashboard: DashboardContext) {
  if (!(error instanceof LedgerFull)) {
    const text = `Redis does not answer, so ${unansweredWords(c, dashboard)}`;
    return { title: "The ledger cannot be reached", text };
  }
  const text = error.wroteNothing
    ? "Redis has no memory left. Nothing was recorded or charged, and accepted purges continue. An admin can give the database more memory."
    : `Redis has no memory left, so ${unansweredWords(c, dashboard)}`;
  return { title: "The ledger is full", text };
}

/** Only a new request carries an idempotency key. Any other form may act again if it is sent again. */
function repeatWords(c: Context<Env>, { basePath }: DashboardContext): string {
  return c.req.path === `${basePath}/new`
    ? "Reload this page to send the same request again: it is not charged twice."
    : "Check the page before you try again.";
}

const whatWasTooMuch: Readonly<Record<RateLimit, string>> = {
  calls: "has sent more requests than its rate allows",
  storage: "has submitted as much as the ledger keeps for one token",
};

/** Turns an error into a page. The cause goes to the log only. */
export function errorPage(dashboard: DashboardContext) {
  return function errorPage(error: Error, c: Context<Env>): Promise<Response> {
    const caller = c.get("caller");
    const { pathname, search } = new URL(c.req.url);
    const isReading = c.req.method === "GET";
    const again = isReading ? pathname + search : undefined;
    const fields = { requestId: c.get("requestId"), ...errorFields(error) };
    if (error instanceof TooManyRequests) {
      const seconds = Math.ceil(error.retryInMs / 1000);
      c.header("Retry-After", String(seconds));
      const why = caller
        ? `The token ${caller.name} ${whatWasTooMuch[error.limit]}.`
        : "The server is handling as many requests as it can.";
      return refusalPage(c, dashboard, {
        code: "rate-limited",
        title: "Too many requests",
        text: `${why} Nothing was done. Try again in ${pluralize(seconds, "second")}.`,
        caller,
        again,
      });
    }
    if (error instanceof RequestTooLarge) {
      const { title } = problems["body-too-large"];
      return refusalPage(c, dashboard, { code: "body-too-large", title, text: error.message, caller });
    }
    if (error instanceof LedgerInDoubt) {
      dashboard.services.log("ledger-in-doubt", fields);
      return refusalPage(c, dashboard, {
        code: "ledger-unavailable",
        title: "The ledger is damaged",
        text:
          "The ledger has lost keys, so what is left of the month's budget is not known. Nothing is granted until an " +
          "admin enters a correction. Nothing was recorded or charged.",
        caller,
        again,
      });
    }
    if (error instanceof LedgerUnavailable) {
      dashboard.services.log("ledger-unavailable", fields);
      c.header("Retry-After", error instanceof LedgerFull && error.wroteNothing ? "60" : "5");
      return refusalPage(c, dashboard, {
        code: "ledger-unavailable",
        ...unavailableWords(error, c, dashboard),
        caller,
        again,
      });
    }
    dashboard.services.log("failed", fields);
    return refusalPage(c, dashboard, {
      code: "internal",
      title: "Something went wrong here",
      text: isReading
        ? inLog
        : `${inLog} It is not known whether your change was made. ${repeatWords(c, dashboard)}`,
      caller,
      again,
    });
  };
}
