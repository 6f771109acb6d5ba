import type { EdgeCheck } from "../../domain/edge-check.ts";
import { edgeLabels } from "../../domain/edge-words.ts";
import type { Purge } from "../../domain/purge.ts";
import { Icon, type IconName } from "./icon.tsx";

export type SeenOutcome = EdgeCheck["outcome"];

/** The outcomes from worst to best, for what several purges serve. */
export const worstFirst = [
  "stale",
  "unchanged",
  "unreadable",
  "waiting",
  "renewed",
  "gone",
  "fresh",
] as const satisfies readonly SeenOutcome[];

/** An outcome that somebody has to act on stands out; the others are said quietly. */
const icons: Readonly<Record<SeenOutcome, IconName>> = {
  fresh: "ok",
  gone: "cancelled",
  renewed: "ok",
  waiting: "pending",
  unreadable: "unknown",
  unchanged: "warning",
  stale: "alarm",
};

const isLoud: ReadonlySet<SeenOutcome> = new Set(["unchanged", "stale"]);

/** The purge's edge check, once there is something to say about it: nothing is read after any other end than Completed. */
export function seenOf({ state, edge }: Pick<Purge, "state" | "edge">): EdgeCheck | undefined {
  return state === "completed" ? edge : undefined;
}

/** The worst outcome among purges that were checked; undefined if none was. */
export function worstSeen(purges: readonly Purge[]): SeenOutcome | undefined {
  const outcomes = purges.map((purge) => seenOf(purge)?.outcome);
  return worstFirst.find((outcome) => outcomes.includes(outcome));
}

/** What the edge serves after a purge, in a few words. */
export function EdgeMark({ outcome }: { readonly outcome: SeenOutcome | undefined }) {
  if (outcome === undefined) return null;
  return (
    <span class={`edge ${outcome} ${isLoud.has(outcome) ? "pill state" : "quiet small"}`}>
      <Icon name={icons[outcome]} />
      {edgeLabels[outcome]}
    </span>
  );
}

/** The same in a list: what nearly every purge ends in is only a sign there, and anything else in words. */
export function BriefEdgeMark({ outcome }: { readonly outcome: SeenOutcome | undefined }) {
  if (outcome !== "fresh" && outcome !== "waiting") return <EdgeMark outcome={outcome} />;
  return (
    <span class={`edge ${outcome} quiet`} title={edgeLabels[outcome]}>
      <Icon name={icons[outcome]} />
      <span class="visually-hidden">{edgeLabels[outcome]}</span>
    </span>
  );
}
