import type { EdgeCheck } from "../../domain/edge-check.ts";
import { edgeLabels, type ToldOutcome, toldEdge } from "../../domain/edge-words.ts";
import type { Purge } from "../../domain/purge.ts";
import { Icon, type IconName } from "./icon.tsx";

/** A check of which there is something to say, and the outcome as it is told now. */
type SeenEdge = Omit<EdgeCheck, "outcome"> & { readonly outcome: ToldOutcome };

/** The outcomes from worst to best, for what several purges serve. */
export const worstFirst = [
  "stale",
  "unchanged",
  "unreadable",
  "was-stale",
  "waiting",
  "renewed",
  "gone",
  "fresh",
] as const satisfies readonly ToldOutcome[];

/** An outcome that somebody has to act on stands out; the others are said quietly. */
const icons: Readonly<Record<ToldOutcome, IconName>> = {
  fresh: "ok",
  gone: "cancelled",
  renewed: "ok",
  waiting: "pending",
  unreadable: "unknown",
  unchanged: "warning",
  "was-stale": "unknown",
  stale: "alarm",
};

const isLoud: ReadonlySet<ToldOutcome> = new Set(["unchanged", "stale"]);

/** The purge's edge check, once there is something to say about it: nothing is read after any other end than Completed. */
export function seenOf({
  state,
  edge,
  alarm,
}: Pick<Purge, "state" | "edge" | "alarm">): SeenEdge | undefined {
  return state === "completed" && edge !== undefined ? toldEdge(edge, alarm) : undefined;
}

/** The worst outcome among purges that were checked; undefined if none was. */
export function worstSeen(purges: readonly Purge[]): ToldOutcome | undefined {
  const outcomes = purges.map((purge) => seenOf(purge)?.outcome);
  return worstFirst.find((outcome) => outcomes.includes(outcome));
}

/** What the edge serves after a purge, in a few words. */
export function EdgeMark({ outcome }: { readonly outcome: ToldOutcome | undefined }) {
  if (outcome === undefined) return null;
  return (
    <span class={`edge ${outcome} ${isLoud.has(outcome) ? "pill state" : "quiet small"}`}>
      <Icon name={icons[outcome]} />
      {edgeLabels[outcome]}
    </span>
  );
}

/** The same in a list: what nearly every purge ends in is only a sign there, and anything else in words. */
export function BriefEdgeMark({ outcome }: { readonly outcome: ToldOutcome | undefined }) {
  if (outcome !== "fresh" && outcome !== "waiting") return <EdgeMark outcome={outcome} />;
  return (
    <span class={`edge ${outcome} quiet`} title={edgeLabels[outcome]}>
      <Icon name={icons[outcome]} />
      <span class="visually-hidden">{edgeLabels[outcome]}</span>
    </span>
  );
}
