/** What the tests of working through leases share. */

import type { Ledger } from "../../src/ledger/contract.ts";
import { LedgerUnavailable } from "../../src/ledger/contract.ts";
import type { Advance, Lease, Settlement } from "../../src/ledger/leases.ts";
import { sendLane } from "../../src/use-cases/lanes.ts";
import { type Acted, type LaneWork, workLeases } from "../../src/use-cases/work-leases.ts";
import type { RedisBackend } from "../support/ledger-backends.ts";
import { manualClock } from "../support/manual-clock.ts";
import { accepted, midNovember, settlementOf, testLedger } from "../support/test-ledger.ts";

/** That many names of targets. */
export const names = (count: number) => Array.from({ length: count }, (_, i) => `u${i}`);

/** Lets everything happen that can happen without the clock, until it has. */
export async function until(isSo: () => boolean) {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** A lane over a real ledger, whose calls end when the test says so. */
export function laneBench(backend: RedisBackend) {
  const ledger = testLedger(backend);
  const clock = manualClock(midNovember);
  const advances: Advance[] = [];
  const calls: {
    readonly lease: Lease;
    readonly end: (result?: Settlement["result"], before?: Acted["before"]) => void;
  }[] = [];
  const seen = { calling: 0, mostCalling: 0, mostLeased: 0 };
  const logged: string[] = [];
  const failing: Error[] = [];
  let isAway = false;
  let replyTakesMs = 0;
  const watched: Pick<Ledger, "advance"> = {
    advance: async (request) => {
      advances.push(request);
      if (isAway) throw new LedgerUnavailable("away");
      const error = failing.shift();
      if (error) throw error;
      const reply = await ledger.advance(request);
      clock.move(replyTakesMs);
      seen.mostLeased = Math.max(seen.mostLeased, (await ledger.health()).open.sending ?? 0);
      return reply;
    },
  };
  const run = (more: Partial<LaneWork> = {}) =>
    workLeases(sendLane, {
      ledger: watched,
      clock,
      log: (event) => logged.push(event),
      makeToken: () => ledger.nextId("l"),
      act: (lease) => {
        seen.calling += 1;
        seen.mostCalling = Math.max(seen.mostCalling, seen.calling);
        return new Promise((resolve) => {
          const end: (typeof calls)[number]["end"] = (result = accepted(`ik-${lease.purgeId}`), before) => {
            seen.calling -= 1;
            resolve({ settlement: settlementOf(lease, result), before });
          };
          calls.push({ lease, end });
        });
      },
      deadlineMs: 60_000,
      patienceMs: 10_000,
      ...more,
    });
  const setAway = (away: boolean) => (isAway = away);
  const setReplyTakesMs = (ms: number) => (replyTakesMs = ms);
  const failOnce = (error: Error) => failing.push(error);
  return { ledger, clock, advances, calls, seen, logged, run, setAway, setReplyTakesMs, failOnce };
}

/** Ends every call as soon as it has begun. */
export async function endAll(calls: ReturnType<typeof laneBench>["calls"], run: Promise<unknown>) {
  let over = false;
  run.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    calls.splice(0).forEach(({ end }) => {
      end();
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return run;
}
