/** Submissions that the API cannot make: from a moment that is over, and by a process that dies while it sends. */

import type { Config } from "../../config.ts";
import { systemClock } from "../../domain/time.ts";
import { createLedger } from "../../ledger/ledger.ts";
import { createServices, type Services } from "../../services.ts";
import { submitPurges } from "../../use-cases/submit-purges.ts";
import { CannotStart } from "../cannot-start.ts";

const actor = { name: "cms", scopes: ["purge", "wildcard"] } as const;
const quiet = { writeLog: () => undefined };

/** Submits as it would have been done `ageMs` ago: the ledger is told that time, everything else is real. */
export async function submitPast(
  config: Config,
  urls: readonly string[],
  ageMs: number,
): Promise<readonly string[]> {
  const now = () => systemClock.now() - ageMs;
  const services = createServices(config, { ...quiet, clock: { ...systemClock, now } });
  const { redis, ledgerName, policy } = config;
  const past = createLedger({
    redis,
    name: ledgerName,
    policy,
    clock: services.clock,
    makeId: () => services.makeId("o"),
    now,
  });
  return submit({ ...services, ledger: past }, urls, "twenty minutes ago");
}

/** Leases the purges and never hears of them again: what a function leaves that ends while it sends. */
export async function submitAndDie(config: Config, urls: readonly string[]): Promise<void> {
  const services = createServices(config, quiet);
  const purge = () => new Promise<never>(() => undefined);
  await submit(
    { ...services, imagekit: { ...services.imagekit, purge } },
    urls,
    "a function died while sending",
  );
}

async function submit(
  services: Services,
  urls: readonly string[],
  reason: string,
): Promise<readonly string[]> {
  const reply = await submitPurges(
    services,
    actor,
    { urls, reason, onInvalid: "reject", onExhausted: "reject" },
    { deadlineMs: services.clock.monotonicMs() + 20_000, answerWithinMs: 500 },
  );
  if (reply.outcome === "accepted") return reply.batch.purges.map(({ id }) => id);
  throw new CannotStart(`The ledger did not accept the seed's purges (${reply.outcome})`);
}
