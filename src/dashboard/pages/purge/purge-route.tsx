import { createRouter } from "../../../http/router.ts";
import { idPattern } from "../../../ids.ts";
import { readPurge } from "../../../watch.ts";
import type { DashboardContext } from "../../ui/context.ts";
import { requirePerson } from "../../ui/require-person.ts";
import { noSuchPurgePage, showPurge } from "./purge-page.tsx";

/** One purge, its due status check made first. */
export function purgeRoute(dashboard: DashboardContext) {
  return createRouter().get("/purges/:id", requirePerson(dashboard, "read"), async (c) => {
    const services = c.get("services");
    const id = c.req.param("id");
    if (!idPattern("p").test(id)) return noSuchPurgePage(c, dashboard);
    const [purge, health] = await Promise.all([readPurge(services, id), services.ledger.health()]);
    return purge === undefined ? noSuchPurgePage(c, dashboard) : showPurge(c, dashboard, { purge, health });
  });
}
