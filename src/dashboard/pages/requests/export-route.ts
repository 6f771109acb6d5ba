import { limitConcurrency, maxSearches } from "../../../http/middleware/load-shedding.ts";
import { createRouter } from "../../../http/router.ts";
import type { DashboardContext } from "../../ui/context.ts";
import { requirePerson } from "../../ui/require-person.ts";
import { exportRequests } from "./export-requests.ts";
import { queryFor } from "./list-requests.ts";
import { readFilters, recentMonths } from "./request-filters.ts";

/** The requests that the list's filters keep, as a file for a spreadsheet. */
export function exportRoute(dashboard: DashboardContext) {
  const { config, clock } = dashboard.services;
  const searching = limitConcurrency(maxSearches);
  return createRouter().get("/requests.csv", requirePerson(dashboard, "read"), searching, async (c) => {
    const months = recentMonths(clock.now(), config.policy);
    const { filters } = readFilters(new URL(c.req.url).searchParams, months);
    const csv = await exportRequests(c.get("services"), queryFor(filters));
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    return c.body(csv, 200, {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="purge-requests-${day}.csv"`,
    });
  });
}
