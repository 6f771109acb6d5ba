import type { Services } from "../services.ts";
import { actOnLease } from "./act-on-lease.ts";
import type { LaneLimits } from "./lanes.ts";
import { type LaneReport, type LaneWork, workLeases } from "./work-leases.ts";

/** Works through the leases of one lane: each lease is one call to ImageKit, or one look at what the edge serves. */
export function workLane(
  services: Services,
  lane: LaneLimits,
  run: Omit<LaneWork, "ledger" | "clock" | "makeToken" | "act">,
): Promise<LaneReport> {
  return workLeases(lane, {
    ...run,
    ledger: services.ledger,
    clock: services.clock,
    makeToken: () => services.makeId("l"),
    act: (lease, askedAtMs) => actOnLease(services, lease, askedAtMs),
  });
}
