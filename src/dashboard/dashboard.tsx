import type { Room } from "../http/room.ts";
import { createRouter } from "../http/router.ts";
import { mostRequests, mostSignIns, shedBeyond } from "../http/shed.ts";
import { batchRoute } from "./pages/batch/batch-route.tsx";
import { batchesRoute } from "./pages/batches/batches-route.tsx";
import { budgetRoute } from "./pages/budget/budget-route.tsx";
import { healthRoute } from "./pages/health/health-route.tsx";
import { newRequestRoute } from "./pages/new-request/new-request-route.tsx";
import { notFound } from "./pages/not-found/not-found.ts";
import { actOnPurgeRoute } from "./pages/purge/act-on-purge.tsx";
import { purgeRoute } from "./pages/purge/purge-route.tsx";
import { requestsRoute } from "./pages/requests/requests-route.tsx";
import { signInLinkRoute } from "./pages/sign-in/sign-in-link-route.tsx";
import { signInRoute, signOutRoute } from "./pages/sign-in/sign-in-route.tsx";
import type { DashboardContext } from "./ui/context.ts";
import { errorPage } from "./ui/error-page.tsx";

/** The route group for people: pages rendered on the server, which work without the script. */
export function dashboardRoutes(options: Pick<DashboardContext, "takeSignInCode"> = {}): Room {
  return (house) => {
    const dashboard: DashboardContext = { ...house, ...options };
    const router = createRouter();
    router.onError(errorPage(dashboard));
    // These come before the shared limit, so that sign-ins cannot use up the requests of people who are signed in.
    router.use("/sign-in/*", shedBeyond(mostSignIns));
    router.route("/", signInRoute(dashboard));
    router.route("/", signInLinkRoute(dashboard));
    router.use(shedBeyond(mostRequests));
    router.route("/", signOutRoute(dashboard));
    router.route("/", requestsRoute(dashboard));
    router.route("/", newRequestRoute(dashboard));
    router.route("/", batchRoute(dashboard));
    router.route("/", batchesRoute(dashboard));
    router.route("/", purgeRoute(dashboard));
    router.route("/", actOnPurgeRoute(dashboard));
    router.route("/", budgetRoute(dashboard));
    router.route("/", healthRoute(dashboard));
    router.use(notFound(dashboard));
    return router;
  };
}
