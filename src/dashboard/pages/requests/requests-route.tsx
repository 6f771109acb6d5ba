import { limitConcurrency, maxSearches } from "../../../http/middleware/load-shedding.ts";
import { createRouter } from "../../../http/router.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { calmSeconds } from "../../shared/calm.ts";
import { Attention } from "../../ui/attention.tsx";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { refreshSeconds } from "../../ui/refresh.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { NoMatch, NoneLookedAt, NoRequestsYet } from "./empty-list.tsx";
import { Filters, FiltersInForce } from "./filter-form.tsx";
import { listRequests } from "./list-requests.ts";
import { type Place, queryOf, readFilters, recentMonths } from "./request-filters.ts";
import { RequestList } from "./request-list.tsx";

/** The requests, newest first. */
export function requestsPageRoute(dashboard: DashboardContext) {
  const { config, clock } = dashboard.services;
  const actors = [...new Set(config.tokens.map(({ name }) => name))];
  const action = linkTo(dashboard, "/");
  const searching = limitConcurrency(maxSearches);
  return createRouter().get("/", requirePerson(dashboard, "read"), searching, async (c) => {
    const services = c.get("services");
    const caller = c.get("caller");
    const address = new URL(c.req.url);
    const months = recentMonths(clock.now(), config.policy);
    const { filters, place, grouping, ignored } = readFilters(address.searchParams, months);
    const [page, health] = await Promise.all([
      listRequests(services, filters, place),
      services.ledger.health(),
    ]);

    const addressOf = (where: Place) => action + queryOf(filters, where, grouping);
    const newest = addressOf({});
    const older = page.next && addressOf({ cursor: page.next });
    const isFirst = place.cursor === undefined;
    const isEmpty =
      page.purges.length === 0 && older === undefined && action + queryOf(filters, place) === action;
    const list = () => {
      if (page.purges.length > 0) {
        const before = place.cursor?.createdAt;
        return (
          <RequestList
            page={page}
            basePath={dashboard.basePath}
            endpoints={config.endpoints}
            grouping={grouping}
            now={health.now}
            csv={linkTo(dashboard, "/requests.csv") + queryOf(filters)}
            isForSupport={
              filters.state === "overdue" || filters.state === "abandoned" || filters.edge === "stale"
            }
            before={before}
            newest={newest}
            older={older}
          />
        );
      }
      if (older !== undefined) return <NoneLookedAt isFirst={isFirst} further={older} />;
      if (!isEmpty) return <NoMatch clear={action} isFirst={isFirst} newest={newest} />;
      return (
        <NoRequestsYet
          newRequest={can(caller, "purge") ? linkTo(dashboard, "/new") : undefined}
          sampleRequest={config.imagekit.kind === "simulated" ? linkTo(dashboard, "/new?sample") : undefined}
          docs={linkTo(dashboard, "/api/docs")}
          api={address.origin + linkTo(dashboard, "/api/purges")}
          exampleUrl={exampleOf(config.endpoints[0])}
        />
      );
    };
    const content = (
      <>
        <div class="heading">
          <h1>Requests</h1>
          <Attention health={health} basePath={dashboard.basePath} />
        </div>
        {isEmpty ? null : (
          <Filters action={action} filters={filters} grouping={grouping} months={months} actors={actors} />
        )}
        {ignored.length === 0 ? null : (
          <Callout kind="warning">
            <p>{ignored.join(" ")}</p>
          </Callout>
        )}
        <FiltersInForce action={action} filters={filters} grouping={grouping} />
        <div
          id="requests"
          data-refresh-seconds={refreshSeconds(page.purges, health.now) ?? calmSeconds}
          data-refresh-url={addressOf(page.here)}
        >
          {list()}
        </div>
      </>
    );
    return showPage(c, dashboard, { title: "Requests", caller, health, section: "requests" }, content);
  });
}

function exampleOf(endpoint: UrlEndpoint | undefined): string {
  return endpoint === undefined
    ? "https://…/photo.jpg"
    : `https://${endpoint.host}${endpoint.path}/photo.jpg`;
}
