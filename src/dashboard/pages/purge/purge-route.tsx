import { createRouter } from "../../../http/router.ts";
import { idPattern } from "../../../ids.ts";
import { readPurge } from "../../../watch.ts";
import { type Desk, requirePerson } from "../../ui/context.ts";
import { noSuchPurgePage, showPurge } from "./purge-page.tsx";

/** One purge, its due status check made first. */
export function purgePageRoute(desk: Desk) {
  return createRouter().get("/purges/:id", requirePerson(desk, "read"), async (c) => {
    const services = c.get("services");
    const id = c.req.param("id");
    if (!idPattern("p").test(id)) return noSuchPurgePage(c, desk);
    const [purge, health] = await Promise.all([readPurge(services, id), services.ledger.health()]);
    return purge === undefined ? noSuchPurgePage(c, desk) : showPurge(c, desk, { purge, health });
  });
}
