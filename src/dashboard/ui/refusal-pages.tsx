import type { Context } from "hono";
import type { Caller, Scope } from "../../domain/caller.ts";
import { type ProblemCode, problems } from "../../http/answers/problem.ts";
import type { Env } from "../../http/context.ts";
import { pluralize } from "../shared/words.ts";
import { Callout } from "./callout.tsx";
import type { DashboardContext } from "./context.ts";
import { showPage } from "./page.tsx";

type Refusal = {
  readonly code: ProblemCode;
  readonly title: string;
  readonly text: string;
  readonly caller?: Caller | undefined;
  /** Where to continue instead of at the requests. */
  readonly onward?: "sign-in";
  /** The requested page, if trying again may help. */
  readonly again?: string | undefined;
};

/** A page that says why the request was refused, and what would help. */
export function refusalPage(c: Context<Env>, dashboard: DashboardContext, about: Refusal) {
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
          <a href={`${dashboard.basePath}/sign-in`}>Go to the sign-in</a>
        ) : (
          <a href={`${dashboard.basePath}/`}>Go to the requests</a>
        )}
      </p>
      <p class="quiet">
        Request id <code>{c.get("requestId")}</code>
      </p>
    </>
  );
  return showPage(c, dashboard, { title, caller }, content, problems[code].status);
}

export function notLivePage(c: Context<Env>, dashboard: DashboardContext) {
  return refusalPage(c, dashboard, {
    code: "not-live",
    title: "This deploy is not the live one",
    text: "Only the published production deploy can purge and read the ledger. Use the site's own address.",
  });
}

export function foreignOriginPage(c: Context<Env>, dashboard: DashboardContext) {
  return refusalPage(c, dashboard, {
    code: "forbidden",
    title: "Nothing was done",
    text: "The request did not come from a page of this dashboard. Go back to that page and try again.",
  });
}

export function askAnAdminPage(
  c: Context<Env>,
  dashboard: DashboardContext,
  { caller, scope }: { readonly caller: Caller; readonly scope: Scope },
) {
  return refusalPage(c, dashboard, {
    code: "forbidden",
    title: "Ask an admin",
    text: `This needs the scope ${scope}, which the token ${caller.name} does not have. Nothing was done.`,
    caller,
  });
}

export function notFoundPage(c: Context<Env>, dashboard: DashboardContext, text: string) {
  return refusalPage(c, dashboard, {
    code: "not-found",
    title: "There is no such page",
    text,
    caller: c.get("caller"),
  });
}

/** For wrong tokens and codes only: a right one is never refused because of earlier failures. */
export function tooManyFailuresPage(c: Context<Env>, dashboard: DashboardContext, waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  c.header("Retry-After", String(seconds));
  return refusalPage(c, dashboard, {
    code: "rate-limited",
    title: "Too many attempts",
    text: `This does not sign in, and too many attempts from your address have failed. Try again in ${pluralize(seconds, "second")}. A right token signs in at once.`,
    onward: "sign-in",
  });
}
