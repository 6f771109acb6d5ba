import type { Purge } from "../../../domain/purge.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { duration } from "../duration.ts";
import { QuotedText } from "../quoted-text.tsx";
import { isNearTo } from "../sentence.tsx";
import { stateWords } from "../state.tsx";
import { Time } from "../time.tsx";

/** The purge's timeline, oldest first; each entry with the time since the one before. */
export function Timeline({ purge, now }: { readonly purge: Purge; readonly now: EpochMs }) {
  const { id, timeline } = purge;
  return (
    <ol class="timeline" id={`timeline-${id}`}>
      {timeline.map(({ at, state, by, note }, index) => {
        const before = timeline[index - 1];
        const isNear = isNearTo(at, before?.at ?? now);
        return (
          <li class={state}>
            <span>
              <Time at={at} show={isNear ? "clock" : "moment"} />
              {before === undefined ? null : <span class="quiet since"> +{duration(at - before.at)}</span>}
            </span>
            <span>
              {before?.state === state ? null : <strong>{stateWords[state].word}. </strong>}
              <QuotedText text={note} /> <span class="quiet">{authorOf(by)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function authorOf(by: string): string {
  if (by === "purge-desk") return "Purge Desk";
  return by === "imagekit" ? "ImageKit" : by;
}
