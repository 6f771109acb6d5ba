import type { Tried } from "../ledger/contract.ts";
import type { Services } from "../services.ts";
import { pollLane, sendLane } from "./lanes.ts";
import { allEnded, workLane } from "./work-lane.ts";

/** A POST may take 15 s, and none begins with less than 17 s left. */
const tryForMs = 20_000;

/**
 * Tries ImageKit's key again without waiting for the breaker's next probe. If ImageKit accepts it, what waits is sent; what
 * does not fit into this run is left to the sweep.
 */
export async function tryKeyNow(services: Services, run: { readonly deadlineMs: number }): Promise<Tried> {
  const { ledger, clock } = services;
  const tried = await ledger.tryNow();
  const work = { deadlineMs: Math.min(run.deadlineMs, clock.monotonicMs() + tryForMs), patienceMs: 0 };
  const [sends] = await allEnded([
    tried.send === "due" ? workLane(services, sendLane, work) : undefined,
    tried.poll === "due" ? workLane(services, pollLane, work) : undefined,
  ]);
  if (sends?.readings) services.background(sends.readings);
  return tried;
}
