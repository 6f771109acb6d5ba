import { limitConcurrency, maxRequests, maxSignIns } from "../http/middleware/load-shedding.ts";
import type { RouteGroup } from "../http/route-group.ts";
import { createRouter } from "../http/router.ts";
import { batchPageRoute } from "./pages/batch/batch-route.tsx";
import { cancelBatchPageRoute } from "./pages/batch/cancel-batch-route.ts";
import { batchesPageRoute } from "./pages/batches/batches-route.tsx";
import { budgetPageRoute } from "./pages/budget/budget-route.tsx";
import { healthPageRoute } from "./pages/health/health-route.tsx";
import { tryNowPageRoute } from "./pages/health/try-now-route.ts";
import { newRequestPageRoute } from "./pages/new-request/new-request-route.tsx";
import { notFound } from "./pages/not-found/not-found.ts";
import { deleteProfilePageRoute } from "./pages/profiles/delete-route.ts";
import { editProfileRoute } from "./pages/profiles/edit-route.tsx";
import { learnPageRoute } from "./pages/profiles/learn-route.tsx";
import { profilesPageRoute } from "./pages/profiles/profiles-route.tsx";
import { actOnPurgeRoute } from "./pages/purge/act-on-purge.tsx";
import { purgePageRoute } from "./pages/purge/purge-route.tsx";
import { exportRoute } from "./pages/requests/export-route.ts";
import { requestsPageRoute } from "./pages/requests/requests-route.tsx";
import { signInLinkRoute } from "./pages/sign-in/sign-in-link-route.tsx";
import { signInRoute, signOutRoute } from "./pages/sign-in/sign-in-route.tsx";
import type { DashboardContext } from "./ui/context.ts";
import { errorPage } from "./ui/error-page.tsx";

/** The route group for people: pages rendered on the server, which work without the script. */
export function dashboardRoutes(
  options: Pick<DashboardContext, "takeSignInCode" | "samplePath"> = {},
): RouteGroup {
  return (context) => {
    const dashboard: DashboardContext = { ...context, ...options };
    const router = createRouter();
    router.onError(errorPage(dashboard));
    // These come before the shared limit, so that sign-ins cannot use up the requests of people who are signed in.
    router.use("/sign-in/*", limitConcurrency(maxSignIns));
    router.route("/", signInRoute(dashboard));
    router.route("/", signInLinkRoute(dashboard));
    router.use(limitConcurrency(maxRequests));
    router.route("/", signOutRoute(dashboard));
    router.route("/", requestsPageRoute(dashboard));
    router.route("/", exportRoute(dashboard));
    router.route("/", newRequestPageRoute(dashboard));
    router.route("/", batchPageRoute(dashboard));
    router.route("/", cancelBatchPageRoute(dashboard));
    router.route("/", batchesPageRoute(dashboard));
    router.route("/", purgePageRoute(dashboard));
    router.route("/", actOnPurgeRoute(dashboard));
    router.route("/", profilesPageRoute(dashboard));
    router.route("/", learnPageRoute(dashboard));
    router.route("/", editProfileRoute(dashboard));
    router.route("/", deleteProfilePageRoute(dashboard));
    router.route("/", budgetPageRoute(dashboard));
    router.route("/", healthPageRoute(dashboard));
    router.route("/", tryNowPageRoute(dashboard));
    router.use(notFound(dashboard));
    return router;
  };
}
