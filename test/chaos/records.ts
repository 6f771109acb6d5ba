import type { Redis } from "ioredis";
import * as z from "zod";
import { purgeStates } from "../../src/domain/purge.ts";
import { ledgerName } from "./environment.ts";

const record = z.object({
  id: z.string(),
  url: z.string(),
  state: z.enum(purgeStates),
  units: z.number(),
  attempts: z.number(),
  imagekitRequestId: z.string().optional(),
  batchId: z.string(),
  edge: z.object({ outcome: z.string() }).optional(),
  timeline: z.array(
    z.object({ at: z.number(), state: z.enum(purgeStates), note: z.string(), times: z.number().optional() }),
  ),
});
/** A purge's record as Redis stores it. */
export type PurgeRecord = z.infer<typeof record>;

export async function readRecords(raw: Redis): Promise<readonly PurgeRecord[]> {
  const keys = await raw.keys(`${ledgerName}:1:purge:*`);
  const texts = keys.length > 0 ? await raw.mget(keys) : [];
  return texts.flatMap((text) => (text === null ? [] : [record.parse(JSON.parse(text))]));
}
