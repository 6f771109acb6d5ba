/** Stand-in until the story is merged. */
import type { Batch } from "./ledger/contract.ts";
import type { Purge } from "./purge.ts";
import type { Services } from "./services.ts";

export async function readPurge(services: Services, id: string): Promise<Purge | undefined> {
  return services.ledger.readPurge(id);
}

export async function readBatch(services: Services, id: string, waitMs: number): Promise<Batch | undefined> {
  const batch = await services.ledger.readBatch(id);
  if (batch === undefined || batch.done || waitMs === 0) return batch;
  await services.clock.sleep(waitMs);
  return services.ledger.readBatch(id);
}
