import { expect } from "vitest";
import { isTerminal } from "../../src/domain/purge.ts";
import type { Advance, Lease, SendLease } from "../../src/ledger/leases.ts";
import type { Reservation } from "../../src/ledger/reservation.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import type { RedisBackend } from "../support/ledger-backends.ts";
import type { TestLedger } from "../support/test-ledger.ts";

/** Two instances with different settings over one Redis, as during a deploy. */
export type Real = { readonly ledgers: readonly [TestLedger, TestLedger]; readonly backend: RedisBackend };

/** What the guarantees are about, kept beside the ledger, and nothing else. */
export type Model = {
  /** Every purge that was accepted, with its batches. */
  readonly purges: Map<string, PurgeModel>;
  readonly batchByKey: Map<string, { readonly batchId: string; readonly bodyHash: string }>;
  /** What was leased and not reported yet. */
  readonly leases: Lease[];
  /** When the lease behind an ImageKit request id was given. */
  readonly sentAtByRequestId: Map<string, number>;
  readonly sentAtByToken: Map<string, number>;
  /** Calls made so far, to be delivered once more. */
  readonly reservations: Reservation[];
  /** By actor and URL without its query: the batches that made a purge of it, and when. */
  readonly made: Map<string, Map<string, number>>;
  /** By actor and name: the purge that the latest save through the drop-in endpoint was given. */
  readonly given: Map<string, string>;
  /** How often profiles have changed. */
  profileVersion: number;
  readonly advances: Advance[];
};

type PurgeModel = {
  readonly batches: Set<string>;
  /** POSTs that ImageKit accepted or may have accepted: each lease is one until it is known not to be. */
  posts: number;
  /** The latest change of content that somebody counts on this purge for. */
  changedAt: number;
  /** The instant for which it is scheduled. */
  sendAfter?: number | undefined;
  /** Nobody who waits for it wants it sent before this. */
  notBefore: number;
};

export function emptyModel(): Model {
  return {
    purges: new Map(),
    batchByKey: new Map(),
    leases: [],
    sentAtByRequestId: new Map(),
    sentAtByToken: new Map(),
    reservations: [],
    made: new Map(),
    given: new Map(),
    profileVersion: 0,
    advances: [],
  };
}

export function purgeIn(model: Model, id: string): PurgeModel {
  const known = model.purges.get(id);
  if (known) return known;
  const made = { batches: new Set<string>(), posts: 0, changedAt: 0, notBefore: 0 };
  model.purges.set(id, made);
  return made;
}

/** From here on the POST may leave at any moment. */
export function noteLease(model: Model, lease: SendLease, at: number): void {
  model.leases.push(lease);
  model.sentAtByToken.set(lease.token + lease.purgeId, at);
  const purge = purgeIn(model, lease.purgeId);
  expect(at, `${lease.purgeId} is not sent early`).toBeGreaterThanOrEqual(purge.notBefore);
  purge.posts += 1;
}

/** After every command, whatever it was. */
export async function expectGuarantees(model: Model, { ledgers, backend }: Real): Promise<void> {
  const [ledger] = ledgers;
  expect(await auditLedger(backend.raw, "test"), "the books agree with a recount").toEqual([]);
  const queued = new Set<string>();
  for (const queue of ["send", "scheduled", "settle", "poll", "held"]) {
    for (const id of await backend.raw.zrange(`test:1:${queue}`, 0, -1)) queued.add(id);
  }
  const ids = [...model.purges.keys()];
  const purges = await Promise.all(ids.map((id) => ledger.purge(id)));
  for (const purge of purges) {
    const { posts, changedAt } = purgeIn(model, purge.id);
    const about = `${purge.id} (${purge.state})`;
    expect(isTerminal(purge.state) || queued.has(purge.id), `G1: ${about} is over or in a queue`).toBe(true);
    const charged = purge.units - (purge.state === "queued" ? 1 : 0);
    expect(charged, `G2: units charged for ${about}`).toBeGreaterThanOrEqual(posts);
    expect(posts, `G4: POSTs of ${about} that may have been accepted`).toBeLessThanOrEqual(2);
    if (purge.imagekitRequestId !== undefined) {
      const sentAt = model.sentAtByRequestId.get(purge.imagekitRequestId);
      expect(sentAt, `G6: ${about} was sent after the change`).toBeGreaterThanOrEqual(changedAt);
    }
  }
}

/** After something was granted. */
export async function expectWithinQuota(ledger: TestLedger): Promise<void> {
  const { quota, margin, spent, reserved, external } = await ledger.readBudget();
  expect(spent + reserved + external + margin, "G3: what is granted fits the quota").toBeLessThanOrEqual(
    quota,
  );
}
