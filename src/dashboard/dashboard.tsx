import type { Room } from "../http/room.ts";
import { createRouter } from "../http/router.ts";
import { mostRequests, mostSignIns, shedBeyond } from "../http/shed.ts";
import { batchPageRoute } from "./pages/batch/batch-route.tsx";
import { batchesPageRoute } from "./pages/batches/batches-route.tsx";
import { budgetPageRoute } from "./pages/budget/budget-route.tsx";
import { healthPageRoute } from "./pages/health/health-route.tsx";
import { newRequestRoute } from "./pages/new-request/new-request-route.tsx";
import { noSuchPage } from "./pages/not-found/not-found.ts";
import { actOnPurgeRoute } from "./pages/purge/act-on-purge.tsx";
import { purgePageRoute } from "./pages/purge/purge-route.tsx";
import { requestsRoute } from "./pages/requests/requests-route.tsx";
import { signInLinkRoute } from "./pages/sign-in/sign-in-link-route.tsx";
import { signInRoute } from "./pages/sign-in/sign-in-route.tsx";
import { signOutRoute } from "./pages/sign-in/sign-out-route.ts";
import type { Desk } from "./ui/context.ts";
import { failedPage } from "./ui/refusal-pages.tsx";

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
