import type { Purge } from "../../../domain/purge.ts";
import { Callout } from "../callout.tsx";
import { isOver } from "../refresh.tsx";
import { Sentence } from "../sentence.tsx";
import { Actions } from "./action-forms.tsx";
import { historyOf } from "./history.ts";
import { nextStepOf } from "./next-step.ts";
import { describeResult, isResultOf } from "./purge-actions.ts";
import { circumstancesFor, type Viewer } from "./viewer.ts";

/** What has happened to a purge, what happens next, and what the reader can do. */
export function PurgeStatus({ purge, viewer }: { readonly purge: Purge; readonly viewer: Viewer }) {
  const { health, caller, done } = viewer;
  const { now } = health;
  const said =
    done !== undefined && isResultOf(caller, purge, done) ? describeResult(done, purge) : undefined;
  const next = nextStepOf(purge, circumstancesFor(viewer));
  return (
    <>
      {said === undefined ? null : (
        <Callout kind="ok">
          <p>{said}</p>
        </Callout>
      )}
      <p class="history" id={`history-${purge.id}`}>
        <Sentence parts={historyOf(purge)} now={now} />
      </p>
      <p class="next" id={`next-${purge.id}`}>
        <strong class="pill">{isOver(purge) ? "What now" : "Next"}</strong>{" "}
        <Sentence parts={next} now={now} />
      </p>
      <Actions purge={purge} viewer={viewer} />
    </>
  );
}
