import type { Purge } from "../../domain/purge.ts";
import type { EpochMs } from "../../domain/time.ts";
import { pluralize } from "../shared/words.ts";
import { Icon } from "./icon.tsx";
import { waitsUntil } from "./state.tsx";
import { Time } from "./time.tsx";

/** Says when waiting purges are sent. Renders nothing if none waits for its time. */
export function Scheduled({ purges, now }: { readonly purges: readonly Purge[]; readonly now: EpochMs }) {
  const waiting = purges.flatMap((purge) => {
    const at = waitsUntil(purge, now);
    return at === undefined ? [] : [{ purge, at }];
  });
  if (waiting.length === 0) return null;
  const first = Math.min(...waiting.map(({ at }) => at));
  const isTimed = waiting.some(({ purge }) => purge.isScheduled === true);
  return (
    <p class="pause" id="scheduled">
      <Icon name="scheduled" />
      <span>
        {isTimed ? "Scheduled for " : "Waiting for more changes until "}
        <Time at={first} />: {pluralize(waiting.length, "purge")} {waiting.length === 1 ? "is" : "are"} sent
        then. The units are set aside. Until then {waiting.length === 1 ? "it" : "they"} can be cancelled.
      </span>
    </p>
  );
}
