import { isTerminal, type Purge } from "../../domain/purge.ts";
import type { EpochMs } from "../../domain/time.ts";
import { calmSeconds } from "../shared/calm.ts";
import { waitsUntil } from "./state.tsx";
import { Time } from "./time.tsx";

/**
 * Says how old the page is. The style shows it only without scripts, where the page does not refresh automatically.
 */
export function ReloadNote({ now }: { readonly now: EpochMs }) {
  return (
    <p class="quiet reload-note">
      As of <Time at={now} show="clock" />. Reload the page for the latest state.
    </p>
  );
}

/** Whether nothing happens to it any more without a person: it has ended, and what the CDN serves is known. */
export function isOver({ state, edge }: Purge): boolean {
  return isTerminal(state) && !(state === "completed" && edge?.outcome === "waiting");
}

const soonMs = 60_000;

/**
 * How often the page refreshes: often while something is due soon, seldom while all wait for their time, never once all
 * are over.
 */
export function refreshSeconds(purges: readonly Purge[], now: EpochMs): number | undefined {
  const open = purges.filter((purge) => !isOver(purge));
  if (open.length === 0) return undefined;
  // Nothing happens before its time, unless somebody cancels it or asks for the same URL.
  const isLater = open.every(
    (purge) => purge.state !== "held" && (waitsUntil(purge, now) ?? 0) - now > calmSeconds * 1000,
  );
  if (isLater) return calmSeconds;
  const isSoon = open.some(({ state, nextCheckAt, edge }) => {
    const next = state === "completed" ? edge?.nextAt : nextCheckAt;
    return state !== "held" && next !== undefined && next - now < soonMs;
  });
  return isSoon ? 5 : 30;
}
