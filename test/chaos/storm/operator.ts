import type { Random } from "../../../src/local/imagekit/random.ts";
import { adminToken } from "../environment.ts";
import type { Send, Told } from "./callers.ts";

const actions = ["cancel", "resend", "close"] as const;
/** Done, not found (any more), not possible in this state, no unit left, Redis unreachable. */
const expected = new Set([200, 404, 409, 429, 503]);

/** Cancels, resends or closes a promised purge, whatever its state. */
export async function interfere(random: Random, send: Send, told: Told): Promise<void> {
  const purgeIds = [...told.batches.values()].flatMap((batch) => batch.purgeIds);
  const id = purgeIds[Math.floor(random() * purgeIds.length)];
  const action = actions[Math.floor(random() * actions.length)];
  if (id === undefined || action === undefined) return;
  const response = await send(
    new Request(`http://purge-desk.test/api/purges/${id}/${action}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${adminToken}` },
    }),
  );
  if (expected.has(response.status)) return;
  told.findings.push(`${action} of ${id}: answered ${response.status} ${await response.text()}`);
}
