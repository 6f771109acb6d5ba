import { afterAll, beforeAll, beforeEach } from "vitest";
import { tokens } from "../../support/app.ts";
import { type SimpleCdn, simpleCdn } from "../../support/simple-cdn.ts";
import { beginAnew, startWatching, submit, sweepNow, type Watching } from "../app-with-purges.ts";

const minute = 60_000;

/** An app whose purges are checked at a CDN of one image, begun anew before each test. */
export function watchChecks() {
  let watching: Watching | undefined;
  let cdn: SimpleCdn | undefined;
  const started = () => {
    if (watching === undefined || cdn === undefined) throw new Error("the app has not started yet");
    return { ...watching, cdn };
  };
  beforeAll(async () => {
    watching = await startWatching({ PURGE_EDGE_CHECK: "on" });
    cdn = simpleCdn(watching.time);
  });
  afterAll(() => watching?.app.close());
  beforeEach(async () => {
    const { cdn } = started();
    await beginAnew(started());
    cdn.restart();
    started().app.imagekit.answer = cdn.answer;
  });
  return {
    watching: started,
    /** Lets time pass until every check is decided. */
    untilChecked: async () => {
      const { time } = started();
      for (const passes of [minute, 6_000, minute, 5 * minute]) {
        time.now += passes;
        await sweepNow(started());
      }
    },
    /** Purges these and gives the batch; the content changed at this moment. */
    purge: async (names: readonly string[], token: string = tokens.purge) => {
      const changedAt = new Date(started().time.now).toISOString();
      return submit(started(), names, { changedAt }, token);
    },
  };
}
