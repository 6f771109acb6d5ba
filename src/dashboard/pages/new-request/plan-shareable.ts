import type { Services } from "../../../services.ts";
import { type Plan, type PlanRequest, planPurges } from "../../../use-cases/plan-purges.ts";
import type { OtherPurge } from "../../shared/line-description.ts";
import { shortTime } from "../../ui/time.tsx";

/** A completed purge can be shared for a day, and no purge stays open longer. */
const shareableMs = 86_400_000;
/** Only this many are read, for when they were sent. The rest are only linked. */
const readAtMost = 5;

export type ShareablePlan = {
  readonly plan: Plan;
  /** The purge that a line joins, or could join if its image had changed before that purge was sent. */
  readonly others: ReadonlyMap<number, OtherPurge>;
  /** Whether some line could join a purge if its image had changed earlier. */
  readonly isShareable: boolean;
};

/**
 * A plan, and the lines that could share a purge that was already sent. Plans first as if nothing had changed for a
 * day: if no line joins even then, that is the plan.
 */
export async function planShareable(services: Services, request: PlanRequest): Promise<ShareablePlan> {
  const widest = await planPurges(services, { ...request, changedAt: services.clock.now() - shareableMs });
  const joined = widest.lines.flatMap((line) => (line.verdict === "joined" ? [line] : []));
  if (joined.length === 0) return { plan: widest, others: new Map(), isShareable: false };

  const plan = await planPurges(services, request);
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
