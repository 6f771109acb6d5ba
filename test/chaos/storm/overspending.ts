import type { Redis } from "ioredis";
import * as z from "zod";
import { ledgerName } from "../environment.ts";

const look = `
local budget = redis.call('HMGET', KEYS[1], 'startsAt', 'reserved')
if not budget[1] then return { 0, 0 } end
local month = redis.call('HMGET', KEYS[2] .. budget[1], 'spent', 'external')
return { tonumber(budget[2] or '0') + tonumber(month[1] or '0') + tonumber(month[2] or '0'), budget[1] }
`;
const reply = z.tuple([z.number(), z.union([z.string(), z.number()])]);

/** Reads the spent and reserved units directly from Redis; a finding if they exceed the quota (G3). */
export async function overspending(raw: Redis, quota: number): Promise<readonly string[]> {
  const [used, month] = reply.parse(
    await raw.eval(look, 2, `${ledgerName}:1:budget`, `${ledgerName}:1:month:`),
  );
  return used > quota ? [`${used} units used of ${quota} in the month that began at ${month}`] : [];
}
