import type { Context } from "hono";
import { Callout } from "../../dashboard/ui/callout.tsx";
import { type DashboardContext, linkTo } from "../../dashboard/ui/context.ts";
import { errorPage } from "../../dashboard/ui/error-page.tsx";
import { showPage } from "../../dashboard/ui/page.tsx";
import { readForm } from "../../dashboard/ui/read-form.ts";
import { requirePerson } from "../../dashboard/ui/require-person.ts";
import { type Env, invocationOf } from "../../http/context.ts";
import type { RouteGroup } from "../../http/route-group.ts";
import { createRouter } from "../../http/router.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { type SubmitReply, submitPurges } from "../../use-cases/submit-purges.ts";
import { type StagedEnd, stagedEnds } from "../imagekit/cdn/stage.ts";
import { type SampleCdn, sampleCdn } from "./sample-cdn.ts";
import { sampleEnds } from "./sample-ends.ts";
import { SamplePage, samplePath } from "./sample-page.tsx";

/** A page beside the dashboard's, which steers the simulated CDN. It exists only where that runs: in `npm start`. */
export const sampleRoutes: RouteGroup = (context) => {
  const dashboard: DashboardContext = { ...context, samplePath };
  const { imagekit, endpoints } = context.services.config;
  const cdn = sampleCdn(imagekit.apiBaseUrl);
  const main = sampleUrl(endpoints, "shoe");
  const router = createRouter();
  router.onError(errorPage(dashboard));
  return router
    .get(samplePath, requirePerson(dashboard, "purge"), (c) => showSample(c, { dashboard, cdn, url: main }))
    .get(`${samplePath}/picture`, requirePerson(dashboard, "read"), async (c) => {
      const version = /^\d{1,9}$/.exec(c.req.query("version") ?? "")?.[0];
      if (version === undefined) return c.notFound();
      return c.body(await cdn.picture(main, Number(version)), 200, { "Content-Type": "image/svg+xml" });
    })
    .post(samplePath, requirePerson(dashboard, "purge"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const end = stagedEnds.find((each) => each === fields.get("end"));
      if (end === undefined) return c.redirect(linkTo(dashboard, samplePath), 303);
      const isOfMain = end === "fresh" || end === "unchanged";
      const url = isOfMain ? main : sampleUrl(endpoints, end);
      await cdn.stage(url, end);
      return submitSample(c, { dashboard, cdn, main, url, end });
    });
};

/** Purges it as an editor's hook would, who says that the image has changed just now. */
async function submitSample(
  c: Context<Env>,
  about: {
    readonly dashboard: DashboardContext;
    readonly cdn: SampleCdn;
    readonly main: string;
    readonly url: string;
    readonly end: StagedEnd;
  },
): Promise<Response> {
  const { dashboard, cdn, main, url, end } = about;
  const services = c.get("services");
  const reply = await submitPurges(
    services,
    c.get("caller"),
    {
      urls: [url],
      reason: `sample: ${sampleEnds[end].because}`,
      changedAt: services.clock.now(),
      onInvalid: "reject",
      onExhausted: "reject",
    },
    invocationOf(c),
  );
  const [purge] = reply.outcome === "accepted" ? reply.batch.purges : [];
  if (purge !== undefined) return c.redirect(linkTo(dashboard, `/purges/${purge.id}`), 303);
  return showSample(c, { dashboard, cdn, url: main, refusedBecause: whyRefused(reply) });
}

async function showSample(
  c: Context<Env>,
  about: {
    readonly dashboard: DashboardContext;
    readonly cdn: SampleCdn;
    readonly url: string;
    readonly refusedBecause?: string;
  },
): Promise<Response> {
  const { dashboard, cdn, url, refusedBecause } = about;
  const [image, health] = await Promise.all([cdn.look(url), c.get("services").ledger.health()]);
  const refusal =
    refusedBecause === undefined ? undefined : (
      <Callout kind="alarm">
        <p>
          <strong>Nothing was purged.</strong> {refusedBecause}
        </p>
      </Callout>
    );
  const content = <SamplePage basePath={dashboard.basePath} url={url} image={image} refusal={refusal} />;
  const page = { title: "Sample image", caller: c.get("caller"), health } as const;
  return showPage(c, dashboard, page, content, refusedBecause === undefined ? 200 : 409);
}

function whyRefused(reply: SubmitReply): string {
  if (reply.outcome === "exhausted") return "No unit of the simulated budget is left this month.";
  // Above all that it was purged too often: the message says so, and until when.
  const violations =
    reply.outcome === "invalid"
      ? reply.lines.flatMap((line) => (line.verdict === "rejected" ? line.violations : []))
      : [];
  return violations[0]?.message ?? `The answer was “${reply.outcome}”.`;
}

/** An image of its own for each end, because a URL that is purged again and again is refused after a while. */
function sampleUrl([endpoint]: readonly UrlEndpoint[], name: string): string {
  const { host, path } = endpoint ?? { host: "ik.imagekit.io", path: "/demo" };
  return `https://${host}${path}/sample/${name}.jpg`;
}
