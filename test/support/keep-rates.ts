import { expect } from "vitest";
import type { RedisBackend } from "./ledger-backends.ts";

/** Callers' rates that are used up stay so on a slow machine too: Redis ends them by a clock of its own. */
export async function keepRates(raw: RedisBackend["raw"]): Promise<void> {
  const keys = await raw.keys("*:rate:*");
  expect(keys).not.toEqual([]);
  for (const key of keys) await raw.persist(key);
}
