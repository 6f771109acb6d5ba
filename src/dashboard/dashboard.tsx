import type { Room } from "../http/room.ts";
import { createRouter } from "../http/router.ts";
import { mostRequests, mostSignIns, shedBeyond } from "../http/shed.ts";
import type { Desk } from "./desk.ts";
import { noSuchPage } from "./no-such-page.ts";
import { failedPage } from "./refusals.tsx";
import { actOnPurgeRoute } from "./routes/act-on-purge.tsx";
import { batchPageRoute } from "./routes/batch.tsx";
import { batchesPageRoute } from "./routes/batches.tsx";
import { budgetPageRoute } from "./routes/budget.tsx";
import { healthPageRoute } from "./routes/health.tsx";
import { newRequestRoute } from "./routes/new-request.tsx";
import { purgePageRoute } from "./routes/purge.tsx";
import { requestsRoute } from "./routes/requests.tsx";
import { signInRoute } from "./routes/sign-in.tsx";
import { signInLinkRoute } from "./routes/sign-in-link.tsx";
import { signOutRoute } from "./routes/sign-out.ts";

/** The room for people: pages made on the server, which a small script makes livelier. */
export function dashboardRoom(options: Pick<Desk, "takeSignInCode"> = {}): Room {
  return (house) => {
    const desk: Desk = { ...house, ...options };
    const router = createRouter();
    router.onError(failedPage(house));
    // They answer before the shared bound is reached, and so take none of its room.
    router.use("/sign-in/*", shedBeyond(mostSignIns));
    router.route("/", signInRoute(desk));
    router.route("/", signInLinkRoute(desk));
    router.use(shedBeyond(mostRequests));
    router.route("/", signOutRoute(desk));
    router.route("/", requestsRoute(desk));
    router.route("/", newRequestRoute(desk));
    router.route("/", batchPageRoute(desk));
    router.route("/", batchesPageRoute(desk));
    router.route("/", purgePageRoute(desk));
    router.route("/", actOnPurgeRoute(desk));
    router.route("/", budgetPageRoute(desk));
    router.route("/", healthPageRoute(desk));
    router.use(noSuchPage(desk));
    return router;
  };
}
