import { type Plan, planPurges } from "../../../plan-purges.ts";
import type { Services } from "../../../services.ts";
import type { EpochMs } from "../../../time.ts";
import type { OtherPurge } from "../../shared/describe-line.ts";
import { shortTime } from "../../ui/time.tsx";

/** A completed purge is found so long (and no purge is open longer), so nothing older could be shared. */
const shareableMs = 86_400_000;
/** Each is read for when it was sent; the others are only linked. */
const readAtMost = 5;

export type ShareablePlan = {
  readonly plan: Plan;
  /** The purge that a line joins, or could join if its image had changed before that purge was sent. */
  readonly others: ReadonlyMap<number, OtherPurge>;
  /** Some line could join one and does not: it matters when the image changed. */
  readonly isShareable: boolean;
};

/**
 * A plan, and which lines could share a purge that was sent already. It plans as if nothing had changed for a day
 * first: where no line joins even then, that is the plan.
 */
export async function planShareable(
  services: Services,
  { urls, changedAt }: { readonly urls: readonly string[]; readonly changedAt: EpochMs | undefined },
): Promise<ShareablePlan> {
  const widest = await planPurges(services, { urls, changedAt: services.clock.now() - shareableMs });
  const joined = widest.lines.flatMap((line) => (line.verdict === "joined" ? [line] : []));
  if (joined.length === 0) return { plan: widest, others: new Map(), isShareable: false };

  const plan = await planPurges(services, { urls, changedAt });
  const ids = [...new Set(joined.map(({ purgeId }) => purgeId))];
  const read = await Promise.all(ids.slice(0, readAtMost).map((id) => services.ledger.readPurge(id)));
  const others = new Map(
    joined.map(({ line, purgeId }): [number, OtherPurge] => {
      const purge = read.find((each) => each?.id === purgeId);
      const sentWhen = purge?.sentAt === undefined ? undefined : `on ${shortTime(purge.sentAt)}`;
      return [line, { id: purgeId, state: purge?.state, sentWhen }];
    }),
  );
  const isShareable = plan.lines.some(({ line, verdict }) => verdict === "accepted" && others.has(line));
  return { plan, others, isShareable };
}
