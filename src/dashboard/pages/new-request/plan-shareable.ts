import type { Caller } from "../../../domain/caller.ts";
import type { Services } from "../../../services.ts";
import {
  type Plan,
  type PlanPurgesReply,
  type PlanRequest,
  planPurges,
} from "../../../use-cases/plan-purges.ts";
import { countJoined, joinableIn } from "../../shared/joinable-lines.ts";
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

type Refused = Exclude<PlanPurgesReply, { outcome: "planned" }>;

/**
 * A plan, and the lines that could share a purge that was already sent. Plans first as if nothing had changed for a
 * day: if no line joins even then, that is the plan. What is scheduled shares only what is scheduled for the same time,
 * whenever the image changed.
 */
export async function planShareable(
  services: Services,
  caller: Caller,
  request: PlanRequest,
): Promise<ShareablePlan | Refused> {
  const isScheduled = request.sendAfter !== undefined;
  const dayAgo = services.clock.now() - shareableMs;
  const widest = await planPurges(
    services,
    caller,
    isScheduled ? request : { ...request, changedAt: dayAgo },
  );
  if (widest.outcome !== "planned") return widest;
  const joined = joinableIn(widest.plan.lines);
  if (joined.size === 0) return { plan: widest.plan, others: new Map(), isShareable: false };

  const reply = isScheduled ? widest : await planPurges(services, caller, request);
  if (reply.outcome !== "planned") return reply;
  const ids = [...new Set(joined.values())];
  const read = await Promise.all(ids.slice(0, readAtMost).map((id) => services.ledger.readPurge(id)));
  const others = new Map(
    [...joined].map(([line, purgeId]): [number, OtherPurge] => {
      const purge = read.find((each) => each?.id === purgeId);
      const sentWhen = purge?.sentAt === undefined ? undefined : `on ${shortTime(purge.sentAt)}`;
      return [line, { id: purgeId, state: purge?.state, sentWhen }];
    }),
  );
  const isShareable = countJoined(widest.plan.lines) > countJoined(reply.plan.lines);
  return { plan: reply.plan, others, isShareable };
}
