import type { Services } from "../services.ts";
import { actOnLease } from "./act-on-lease.ts";
import type { LaneLimits } from "./lanes.ts";
import { type LaneReport, type LaneWork, workLeases } from "./work-leases.ts";

/**
 * Waits until all have ended, whatever becomes of one, then throws the first error. A run that ended with the first error
 * would leave sends under way whose answers nobody writes down.
 */
export async function allEnded<T extends readonly unknown[] | []>(
  lanes: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(lanes);
  return Promise.all(lanes);
}

/** Works through the leases of one lane: each lease is one call to ImageKit, or one look at what the edge serves. */
export function workLane(
  services: Services,
  lane: LaneLimits,
  run: Omit<LaneWork, "ledger" | "clock" | "log" | "makeToken" | "act">,
): Promise<LaneReport> {
  return workLeases(lane, {
    ...run,
    ledger: services.ledger,
    clock: services.clock,
    log: services.log,
    makeToken: () => services.makeId("l"),
    act: (lease, askedAtMs) => actOnLease(services, lease, askedAtMs),
  });
}
