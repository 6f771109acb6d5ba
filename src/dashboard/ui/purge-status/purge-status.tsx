import type { Purge } from "../../../purge.ts";
import { isTerminal } from "../../../purge.ts";
import { Callout } from "../callout.tsx";
import { Telling } from "../sentence.tsx";
import { Actions } from "./action-forms.tsx";
import { storyOf } from "./history.ts";
import { nextStepOf } from "./next-step.ts";
import { isResultOf, resultWords } from "./purge-actions.ts";
import type { Watched } from "./viewer.ts";

/** What became of a purge, what happens next, and what one may do about it. */
export function PurgeStory({ purge, watched }: { readonly purge: Purge; readonly watched: Watched }) {
  const { health, policy, caller, done } = watched;
  const { now } = health;
  const said = done !== undefined && isResultOf(caller, purge, done) ? resultWords(done, purge) : undefined;
  const next = nextStepOf(purge, { ...health, resendUnknown: policy.resendUnknown });
  return (
    <>
      {said === undefined ? null : (
        <Callout kind="ok">
          <p>{said}</p>
        </Callout>
      )}
      <p class="story" id={`story-${purge.id}`}>
        <Telling prose={storyOf(purge)} now={now} />
      </p>
      <p class="next" id={`next-${purge.id}`}>
        <strong>{isTerminal(purge.state) ? "What now" : "Next"}</strong> <Telling prose={next} now={now} />
      </p>
      <Actions purge={purge} watched={watched} />
    </>
  );
}
