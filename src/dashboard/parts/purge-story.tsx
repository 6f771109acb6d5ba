import type { Purge } from "../../purge.ts";
import { isTerminal } from "../../purge.ts";
import { isResultOf, resultWords } from "../acts.ts";
import { nextStepOf } from "../next-step.ts";
import { storyOf } from "../story.ts";
import type { Watched } from "../watched.ts";
import { Actions } from "./actions.tsx";
import { Callout } from "./callout.tsx";
import { Telling } from "./prose.tsx";

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
