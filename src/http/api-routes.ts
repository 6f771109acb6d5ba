import { limitConcurrency, maxRequests } from "./middleware/load-shedding.ts";
import { requireLive } from "./middleware/require-live.ts";
import type { RouteGroup } from "./route-group.ts";
import { createRouter } from "./router.ts";
import { cancelBatchRoute } from "./routes/cancel-batch.ts";
import { cancelPurgeRoute } from "./routes/cancel-purge.ts";
import { closePurgeRoute } from "./routes/close-purge.ts";
import { correctBudgetRoute } from "./routes/correct-budget.ts";
import { docsRoute } from "./routes/docs.ts";
import { healthRoute } from "./routes/health.ts";
import { listPurgesRoute } from "./routes/list-purges.ts";
import { openApiRoute } from "./routes/openapi.ts";
import { planPurgesRoute } from "./routes/plan-purges.ts";
import { readBatchRoute } from "./routes/read-batch.ts";
import { readBudgetRoute } from "./routes/read-budget.ts";
import { readPurgeRoute } from "./routes/read-purge.ts";
import { resendPurgeRoute } from "./routes/resend-purge.ts";
import { submitPurgesRoute } from "./routes/submit-purges.ts";

/** The route group for code: every route of the OpenAPI document. */
export const apiRoutes: RouteGroup = ({ services, isLive }) => {
  const router = createRouter();
  router.route("/", healthRoute(services, isLive));
  router.use("/api/*", requireLive(isLive), limitConcurrency(maxRequests));
  router.route("/", planPurgesRoute(services));
  router.route("/", submitPurgesRoute(services));
  router.route("/", listPurgesRoute(services));
  router.route("/", readPurgeRoute(services));
  router.route("/", cancelPurgeRoute(services));
  router.route("/", resendPurgeRoute(services));
  router.route("/", closePurgeRoute(services));
  router.route("/", readBatchRoute(services));
  router.route("/", cancelBatchRoute(services));
  router.route("/", readBudgetRoute(services));
  router.route("/", correctBudgetRoute(services));
  router.route("/", openApiRoute());
  router.route("/", docsRoute());
  return router;
};
