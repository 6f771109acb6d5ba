import { expect } from "vitest";
import type { Reservation } from "../../src/ledger/reservation.ts";
import { hour } from "../support/test-ledger.ts";
import type { Model } from "./model.ts";

/** PURGE_REPEAT_LIMIT of the model's ledgers. */
export const repeatLimit = 4;

const keyOf = (actor: string, url: string) => `${actor} ${url.split("?")[0]}`;

/** How many batches of an actor have made a purge of this URL within the last hour. */
function timesMade({ made }: Model, actor: string, url: string, now: number): number {
  return [...(made.get(keyOf(actor, url))?.values() ?? [])].filter((at) => at > now - hour).length;
}

/** A batch has made a purge of a URL. */
export function noteMade(
  model: Model,
  { batchId, actor }: Pick<Reservation, "batchId" | "actor">,
  url: string,
  now: number,
): void {
  const key = keyOf(actor, url);
  model.made.set(key, (model.made.get(key) ?? new Map<string, number>()).set(batchId, now));
  expect(timesMade(model, actor, url, now), `${actor} repeats ${url}`).toBeLessThanOrEqual(repeatLimit);
}

/** Only what an actor has repeated as often as it may is refused. */
export function expectRepeated(
  model: Model,
  { actor, purges }: Reservation,
  refusedIds: ReadonlySet<string>,
  now: number,
): void {
  expect(refusedIds.size).toBeGreaterThan(0);
  for (const { id, url } of purges)
    if (refusedIds.has(id)) expect(timesMade(model, actor, url, now)).toBe(repeatLimit);
}
