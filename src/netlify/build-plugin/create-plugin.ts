import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { purgeDesk } from "../../client/client.ts";
import { changedImages, type ImageChanges, imagekitNameOf } from "./changed-images.ts";
import { manifestFile, readImages, writeManifest } from "./image-manifest.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { type LiveManifest, type Reading, readLiveManifest } from "./live-manifest.ts";
import { purgeImages } from "./purge-images.ts";
import { describeChanges, describeOutcome, leftover, type Report } from "./report.ts";

/** What Netlify gives an event of a build. */
export type BuildEvent = {
  readonly constants: { readonly PUBLISH_DIR: string };
  readonly utils: {
    readonly status: {
      show(status: { readonly title: string; readonly summary: string; readonly text: string }): void;
    };
  };
};

export type Outside = Reading & {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
};

type Prepared = { readonly inputs: Inputs; readonly text: string; readonly changes: ImageChanges };

/** A deploy is live before `onSuccess`; the CDN may take a moment to show it everywhere. */
const liveTries = 10;
const livePauseMs = 2_000;
/** Lines in the deploy's summary. Its log has all of them. */
const mostShown = 100;

/**
 * The events of a production build:
 *
 *   onPostBuild   writes the manifest of this deploy's images into the publish folder, reads the live one, compares
 *   (deploy)
 *   onSuccess     once this deploy's manifest is the live one: plans the purges and submits them
 *
 * A deploy that fails has no onSuccess. No state but the manifest that is live: after a rollback the next deploy compares
 * with what was rolled back to. Nothing here throws: images that stay old for a while are no reason to fail a deploy.
 */
export function createPlugin(given: unknown, { env, say, ...reading }: Outside) {
  let prepared: Prepared | undefined;

  return {
    onPostBuild: guarded(async (event) => {
      if (env["CONTEXT"] !== "production") {
        return say("Purge Desk: not a production deploy; nothing is written or purged.");
      }
      const read = readInputs(given);
      if ("problems" in read) {
        return tell(event, {
          summary: "Nothing is purged: the plugin's inputs are wrong.",
          details: read.problems,
        });
      }
      const { inputs } = read;
      const next = await readImages(event.constants.PUBLISH_DIR, inputs);
      const text = writeManifest(next);
      await writeFile(join(event.constants.PUBLISH_DIR, manifestFile), text);
      const { URL: siteUrl } = env;
      if (siteUrl === undefined) {
        return tell(event, {
          summary: "Nothing is purged: Netlify gave no address of the site (URL).",
          details: [],
        });
      }
      const live = await readLiveManifest(siteUrl, reading);
      if (live.found !== "manifest") return tell(event, withoutComparison(live));
      prepared = { inputs, text, changes: changedImages(live.manifest, next, inputs) };
      say(`Purge Desk: compared with what is live: ${describeChanges(prepared.changes)}.`);
    }),

    onSuccess: guarded(async (event) => {
      if (prepared === undefined) return;
      const { inputs, text, changes } = prepared;
      const images = [...changes.changed, ...changes.gone].map((path) => imagekitNameOf(path, inputs));
      if (images.length === 0) return tell(event, { summary: "No image changed.", details: [] });
      const notLive = await whyNotLive(text);
      if (notLive !== undefined) {
        const details = leftover(images.map((image) => ({ image })));
        return tell(event, { summary: `Nothing was purged: ${notLive}.`, details });
      }
      const { PURGE_DESK_URL: url = "", PURGE_DESK_TOKEN: token = "", DEPLOY_ID: id, SITE_NAME: site } = env;
      const { maxUnits, dryRun } = inputs;
      const deploy = id ?? crypto.randomUUID();
      const outcome = await purgeImages(() => purgeDesk({ url, token, fetch: reading.fetch }), images, {
        maxUnits,
        dryRun,
        key: `deploy-${deploy}`,
        reason: `Deploy ${deploy}${site === undefined ? "" : ` of ${site}`}`,
      });
      tell(event, describeOutcome(outcome, { images, maxUnits, deskUrl: url }));
    }),
  };

  /** Waits until this deploy's manifest is the live one. Undefined when it is. */
  async function whyNotLive(text: string): Promise<string | undefined> {
    for (let attempt = 1; attempt <= liveTries; attempt += 1) {
      const live = await readLiveManifest(env["URL"] ?? "", reading);
      if (live.found === "unreadable") return live.why;
      if (live.found === "manifest" && live.text === text) return undefined;
      if (attempt < liveTries) await reading.pause(livePauseMs);
    }
    return "this deploy is not the one that is live";
  }

  function tell({ utils }: BuildEvent, { summary, details }: Report): void {
    for (const line of [`Purge Desk: ${summary}`, ...details]) say(line);
    const more = details.length > mostShown ? ["The deploy's log has the rest."] : [];
    const text = [...details.slice(0, mostShown), ...more].join("\n");
    utils.status.show({ title: "Purge Desk", summary, text });
  }

  function guarded(handle: (event: BuildEvent) => Promise<void>) {
    return async function onEvent(event: BuildEvent): Promise<void> {
      try {
        await handle(event);
      } catch (error) {
        const details = [error instanceof Error ? error.message : String(error)];
        tell(event, { summary: "Nothing is purged: the plugin failed.", details });
      }
    };
  }
}

function withoutComparison(live: Exclude<LiveManifest, { found: "manifest" }>): Report {
  if (live.found === "unreadable") {
    return {
      summary: "Nothing is purged: what is live cannot be compared with.",
      details: [`${live.why}. Purge by hand what this deploy changes.`],
    };
  }
  return {
    summary: "Nothing is purged: no manifest of images is live yet.",
    details: ["This deploy publishes one; the next one is compared with it."],
  };
}
