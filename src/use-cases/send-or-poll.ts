import type { Lease, Settlement } from "../ledger/leases.ts";
import type { Services } from "../services.ts";
import { type LaneLimits, type LaneReport, type LaneWork, workLeases } from "./work-leases.ts";

/** Works through the leases of one lane: each lease is one call to ImageKit. */
export function sendOrPoll(
  services: Services,
  lane: LaneLimits,
  run: Omit<LaneWork, "ledger" | "clock" | "makeToken" | "act">,
): Promise<LaneReport> {
  return workLeases(lane, {
    ...run,
    ledger: services.ledger,
    clock: services.clock,
    makeToken: () => services.makeId("l"),
    act: (lease) => actOnLease(services, lease),
  });
}

/** Makes the one call to ImageKit that a lease allows. Never throws: an unclear outcome is `unknown`. */
async function actOnLease(services: Services, lease: Lease): Promise<Settlement> {
  const { imagekit, log, clock } = services;
  const begunMs = clock.monotonicMs();
  const settlement = await call(imagekit, lease);
  log(`imagekit-${lease.lane}`, {
    purgeId: lease.purgeId,
    outcome: settlement.result.outcome,
    cause: "message" in settlement.result ? settlement.result.message : undefined,
    imagekitRequestId:
      "imagekitRequestId" in settlement.result
        ? settlement.result.imagekitRequestId
        : "imagekitRequestId" in lease
          ? lease.imagekitRequestId
          : undefined,
    durationMs: Math.round(clock.monotonicMs() - begunMs),
  });
  return settlement;
}

async function call(imagekit: Services["imagekit"], lease: Lease): Promise<Settlement> {
  if (lease.lane === "poll") return { ...lease, result: await imagekit.status(lease.imagekitRequestId) };
  const { lane, purgeId, token } = lease;
  return { lane, purgeId, token, result: await imagekit.purge(lease.url) };
}
