import { errorFields } from "../log.ts";
import type { Services } from "../services.ts";
import { checkLane } from "./lanes.ts";
import { workLane } from "./work-lane.ts";
import type { LaneReport, LaneWork } from "./work-leases.ts";

/** Makes due edge checks. Never rejects: a fault of the checks is logged, and what goes on beside them does not notice. */
export async function workChecks(
  services: Services,
  run: Pick<LaneWork, "deadlineMs" | "patienceMs" | "purgeIds">,
): Promise<LaneReport> {
  try {
    return await workLane(services, checkLane, run);
  } catch (error) {
    services.log("checks-failed", errorFields(error));
    return { outcomes: {} };
  }
}
