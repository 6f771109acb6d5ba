import type { Context } from "hono";
import type { Scope } from "../config.ts";
import type { Env } from "../http/platform.ts";
import { type ProblemCode, problems } from "../http/problem.ts";
import type { House } from "../http/room.ts";
import { LedgerInDoubt, LedgerUnavailable } from "../ledger/contract.ts";
import { CallerRateLimited, type RateLimit } from "../ledger/principal.ts";
import { errorFields } from "../log.ts";
import type { Caller } from "../submit-purges.ts";
import { showPage } from "./page.tsx";
import { Callout } from "./parts/callout.tsx";

type Refusal = {
  readonly code: ProblemCode;
  readonly title: string;
  readonly text: string;
  readonly caller?: Caller | undefined;
  /** The page to go on to, where it is not the requests: signing in. */
  readonly onward?: "sign-in";
  /** The page that was asked for, where asking again may help. */
  readonly again?: string | undefined;
};

/** A page that says why there is no other, and what would help. */
export function refusalPage(c: Context<Env>, house: House, about: Refusal) {
  const { code, title, text, caller, again, onward } = about;
  c.set("problemCode", code);
  const content = (
    <>
      <h1>{title}</h1>
      <Callout kind={problems[code].status >= 500 ? "alarm" : "warning"}>
        <p>{text}</p>
      </Callout>
      <p class="ways-on">
        {again === undefined ? null : (
          <a class="button primary" href={again}>
            Try again
          </a>
        )}
        {onward === "sign-in" ? (
          <a href={`${house.basePath}/sign-in`}>Go to the sign-in</a>
        ) : (
          <a href={`${house.basePath}/`}>Go to the requests</a>
        )}
      </p>
      <p class="quiet">
        Request id <code>{c.get("requestId")}</code>
      </p>
    </>
  );
  return showPage(c, house, { title, caller }, content, problems[code].status);
}

export function notLivePage(c: Context<Env>, house: House) {
  return refusalPage(c, house, {
    code: "not-live",
    title: "This deploy is not the live one",
    text: "Only the published production deploy purges and reads the ledger. Use the site's own address.",
  });
}

export function foreignOriginPage(c: Context<Env>, house: House) {
  return refusalPage(c, house, {
    code: "forbidden",
    title: "Nothing was done",
    text: "The request did not come from a page of this dashboard. Go back to the page and try it there.",
  });
}

export function askAnAdminPage(
  c: Context<Env>,
  house: House,
  { caller, scope }: { readonly caller: Caller; readonly scope: Scope },
) {
  return refusalPage(c, house, {
    code: "forbidden",
    title: "Ask an admin",
    text: `This needs the scope ${scope}, which the token ${caller.name} does not have. Nothing was done.`,
    caller,
  });
}

export function notFoundPage(c: Context<Env>, house: House, text: string) {
  return refusalPage(c, house, {
    code: "not-found",
    title: "There is no such page",
    text,
    caller: c.get("caller"),
  });
}

const inLog = "The cause is in the log under the request id below.";

function unansweredWords(c: Context<Env>, house: House): string {
  return c.req.method === "GET"
    ? "there is nothing to show just now. What was accepted is safe, and goes on as soon as it answers again."
    : `it is not known whether what you asked for was done. What was accepted is safe. ${repeatWords(c, house)}`;
}

/** Only the key of a new request travels with its form; any other form sent again may do its work again. */
function repeatWords(c: Context<Env>, { basePath }: House): string {
  return c.req.path === `${basePath}/new`
    ? "Reload this page to send the same request again: it is not charged twice."
    : "Look at the page again before you repeat it.";
}

const limitWords: Readonly<Record<RateLimit, string>> = {
  calls: "asks more often than its rate allows",
  room: "has submitted as much as the ledger keeps for one token",
};

/** What a page that failed shows; the cause is for the log. */
export function failedPage(house: House) {
  return function failedPage(error: Error, c: Context<Env>): Promise<Response> {
    const caller = c.get("caller");
    const { pathname, search } = new URL(c.req.url);
    const isReading = c.req.method === "GET";
    const again = isReading ? pathname + search : undefined;
    const fields = { requestId: c.get("requestId"), ...errorFields(error) };
    if (error instanceof CallerRateLimited) {
      const seconds = Math.ceil(error.retryInMs / 1000);
      c.header("Retry-After", String(seconds));
      const why = caller
        ? `The token ${caller.name} ${limitWords[error.limit]}.`
        : "More requests are under way than can be served at once.";
      return refusalPage(c, house, {
        code: "rate-limited",
        title: "Too many requests",
        text: `${why} Nothing was done; try again in ${seconds} s.`,
        caller,
        again,
      });
    }
    if (error instanceof LedgerInDoubt) {
      house.services.log("ledger-in-doubt", fields);
      return refusalPage(c, house, {
        code: "ledger-unavailable",
        title: "The ledger is damaged",
        text:
          "The ledger has lost keys, so what is left of the month's budget is not known: nothing is granted until an " +
          "operator has entered a correction. Nothing was recorded or charged.",
        caller,
        again,
      });
    }
    if (error instanceof LedgerUnavailable) {
      house.services.log("ledger-unavailable", fields);
      c.header("Retry-After", "5");
      return refusalPage(c, house, {
        code: "ledger-unavailable",
        title: "The ledger cannot be reached",
        text: `Redis does not answer, so ${unansweredWords(c, house)}`,
        caller,
        again,
      });
    }
    house.services.log("failed", fields);
    return refusalPage(c, house, {
      code: "internal",
      title: "Something went wrong here",
      text: isReading
        ? inLog
        : `${inLog} It is not known whether what you asked for was done. ${repeatWords(c, house)}`,
      caller,
      again,
    });
  };
}
