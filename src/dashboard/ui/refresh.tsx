import { isTerminal, type Purge } from "../../purge.ts";
import type { EpochMs } from "../../time.ts";
import { Time } from "./time.tsx";

/** For who has no script, which would look again by itself: of when the page is. The style shows it to them alone. */
export function ReloadNote({ now }: { readonly now: EpochMs }) {
  return (
    <p class="quiet reload-note">
      As of <Time at={now} show="clock" />. Reload the page for the latest state.
    </p>
  );
}

const soonMs = 60_000;

/** How often the page is to look again: often while something is about to happen, not at all when all has ended. */
export function refreshSeconds(purges: readonly Purge[], now: EpochMs): number | undefined {
  const open = purges.filter(({ state }) => !isTerminal(state));
  if (open.length === 0) return undefined;
  const isSoon = open.some(
    ({ state, nextCheckAt }) => state !== "held" && nextCheckAt !== undefined && nextCheckAt - now < soonMs,
  );
  return isSoon ? 5 : 30;
}
