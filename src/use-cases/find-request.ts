import { dropInIdPattern } from "../domain/ids.ts";
import type { Purge } from "../domain/purge.ts";
import type { Services } from "../services.ts";
import { pollThenReadPurge } from "./read-purges.ts";

/**
 * The purge that a caller's `requestId` names, as it is now: an id that the drop-in endpoint gave, or ImageKit's own.
 *
 * Only the first has a key in the ledger. ImageKit's own ids are seen in the API, the dashboard and the log only, so few ask
 * for them here; a key for each would cost every purge one more command. They are searched among the newest purges
 * instead, and so is an id whose key was lost. `search` runs that, or refuses it.
 */
export async function findRequest(
  services: Services,
  requestId: string,
  search: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Purge | undefined> {
  if (dropInIdPattern.test(requestId)) {
    const purge = await pollThenReadPurge(services, { dropInId: requestId });
    if (purge !== undefined) return purge;
  }
  if (!/^[\w-]{1,128}$/.test(requestId)) return undefined;
  const { purges } = await search(() => services.ledger.listPurges({ text: requestId, limit: 20 }));
  const found = purges.find(
    ({ imagekitRequestId, dropInId }) => imagekitRequestId === requestId || dropInId === requestId,
  );
  return found && pollThenReadPurge(services, found.id);
}
