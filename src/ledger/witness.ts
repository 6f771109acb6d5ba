import * as z from "zod/mini";
import type { Clock, EpochMs } from "../domain/time.ts";
import type { Settlement } from "./leases.ts";

const witnessed = z.object({
  sequence: z.number(),
  at: z.number(),
  startsAt: z.number(),
  spent: z.number(),
  external: z.optional(z.number()),
});

/** The latest state of the ledger that this instance has seen (scripts/lib/witness.lua). */
export type Witnessed = z.infer<typeof witnessed>;

type Acceptance = { readonly settlement: Settlement; readonly at: EpochMs };

/** At most this many acceptances are remembered, about a month's quota. The oldest are forgotten first. */
const mostAcceptances = 1_000;
/** A record lives at least this long, so a missing record of a younger acceptance was lost. */
const rememberedForMs = 86_400_000;
/** At most this many settlements go into one call. */
const chunk = 100;

/**
 * Lets this instance notice a rollback of the ledger, and report again the acceptances that it has reported before. It
 * lives in the memory of the process: a cold instance notices nothing.
 */
export type Witness = {
  /** The state that the scripts compare the ledger with. */
  readonly seen: () => Witnessed | undefined;
  /** Takes a script's reply: JSON or "". An older state never replaces a later one. */
  readonly see: (reply: string) => void;
  readonly forget: () => void;
  /** Remembers the acceptances among settlements that the ledger has accepted. */
  readonly remember: (settlements: readonly Settlement[]) => void;
  /** What to report again after the ledger went back, in lists of at most 100 for one call each. */
  readonly acceptances: () => readonly (readonly Settlement[])[];
};

export function createWitness(clock: Clock): Witness {
  let latest: Witnessed | undefined;
  const accepted = new Map<string, Acceptance>();
  return {
    seen: () => latest,
    see: (reply) => {
      if (reply === "") return;
      const next = witnessed.parse(JSON.parse(reply));
      if (!latest || next.sequence >= latest.sequence) latest = next;
    },
    forget: () => {
      latest = undefined;
    },
    remember: (settlements) => {
      for (const settlement of settlements) {
        if (settlement.lane === "send" && settlement.result.outcome === "accepted")
          accepted.set(settlement.purgeId, { settlement, at: clock.now() });
      }
      for (const oldest of accepted.keys()) {
        if (accepted.size <= mostAcceptances) break;
        accepted.delete(oldest);
      }
    },
    acceptances: () => {
      const since = clock.now() - rememberedForMs;
      const all = [...accepted.values()].flatMap(({ settlement, at }) => (at > since ? [settlement] : []));
      return Array.from({ length: Math.ceil(all.length / chunk) }, (_, i) =>
        all.slice(i * chunk, (i + 1) * chunk),
      );
    },
  };
}
