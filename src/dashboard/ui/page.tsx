import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { Caller } from "../../domain/caller.ts";
import type { Env } from "../../http/context.ts";
import { contentSecurityPolicy } from "../../http/middleware/security-headers.ts";
import type { LedgerHealth } from "../../ledger/contract.ts";
import type { DashboardContext } from "./context.ts";
import { Icons } from "./icon.tsx";
import { PageHeader, type Section } from "./page-header.tsx";

export type PageAbout = {
  readonly title: string;
  /** Who is signed in. */
  readonly caller?: Caller | undefined;
  /** For the budget and the alarms in the header; absent if the ledger could not be read. */
  readonly health?: LedgerHealth | undefined;
  readonly section?: Section | undefined;
  /** Codes of alarms that the page itself explains: the header does not repeat them. */
  readonly said?: readonly string[] | undefined;
};

type PageStatus = 200 | 400 | 401 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503;

/**
 * No inline script or style, and nothing from other origins. Browsers send a form's `Origin` only with this referrer
 * policy.
 */
const pageHeaders = {
  "Content-Security-Policy": contentSecurityPolicy({
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
  }),
  "Referrer-Policy": "same-origin",
} as const;

/** A whole page: head, header, and the content in `main`. */
export async function showPage(
  c: Context<Env>,
  dashboard: DashboardContext,
  about: PageAbout,
  content: Child,
  status: PageStatus = 200,
): Promise<Response> {
  const { basePath, services } = dashboard;
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{about.title} · Purge Desk</title>
        <link rel="icon" type="image/svg+xml" href={`${basePath}/assets/icon.svg`} />
        <link rel="stylesheet" href={`${basePath}/assets/dashboard.css`} />
        <script type="module" src={`${basePath}/assets/dashboard.js`}></script>
      </head>
      <body data-base-path={basePath} data-actor={about.caller?.name}>
        <Icons />
        <a class="skip" href="#main">
          Skip to content
        </a>
        <PageHeader
          basePath={basePath}
          caller={about.caller}
          health={about.health}
          section={about.section}
          said={about.said}
          tokens={services.config.tokens}
          isSimulated={services.config.imagekit.kind === "simulated"}
          timeZone={services.config.policy.timeZone}
          samplePath={dashboard.samplePath}
        />
        <main id="main" tabindex={-1}>
          {content}
        </main>
      </body>
    </html>
  );
  return c.html(`<!doctype html>${await page}`, status, pageHeaders);
}
