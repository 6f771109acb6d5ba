import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { purgeDesk } from "../../client/client.ts";
import { awaitLive } from "./await-live.ts";
import { changedImages, imagekitNameOf, staleImages } from "./changed-images.ts";
import { type ImageManifest, manifestFile, readImages, writeManifest } from "./image-manifest.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { type Reading, readLiveManifest } from "./live-manifest.ts";
import { purgeImages } from "./purge-images.ts";
import {
  describeChanges,
  describeOutcome,
  describePlanned,
  describeSelection,
  describeUnpublished,
  describeWithoutComparison,
  type Report,
} from "./report.ts";

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

type Manifest = { readonly manifest: ImageManifest; readonly text: string };
type Prepared = {
  readonly inputs: Inputs;
  readonly siteUrl: string;
  /** What was live when this deploy was built. */
  readonly live: Manifest;
  readonly own: Manifest;
};

/** Lines in the deploy's summary. Its log has all of them. */
const mostShown = 100;

/**
 * The events of a production build:
 *
 *   onPostBuild   writes the manifest of this deploy's images into the publish folder, reads the live one, compares
 *   (deploy)
 *   onSuccess     once this deploy's manifest is the live one: plans the purges and submits them. Whatever it sees live in
 *                 between, another deploy or a rollback, it compares with too
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
      for (const line of describeSelection(next, inputs)) say(line);
      const { URL: siteUrl } = env;
      if (siteUrl === undefined) {
        return tell(event, {
          summary: "Nothing is purged: Netlify gave no address of the site (URL).",
          details: [],
        });
      }
      const live = await readLiveManifest(siteUrl, reading);
      if (live.found !== "manifest") return tell(event, describeWithoutComparison(live));
      prepared = { inputs, siteUrl, live, own: { manifest: next, text } };
      const changes = changedImages(live.manifest, next, inputs);
      say(`Purge Desk: compared with what is live: ${describeChanges(changes)}.`);
    }),

    onSuccess: guarded(async (event) => {
      if (prepared === undefined) return;
      const { inputs, siteUrl, live, own } = prepared;
      const namesOf = (manifests: readonly Manifest[]) =>
        staleImages(
          manifests.map(({ manifest }) => manifest),
          own.manifest,
          inputs,
        ).map((path) => imagekitNameOf(path, inputs));
      const hasChanges = namesOf([live]).length > 0;
      const texts = { siteUrl, compared: live.text, own: own.text };
      const published = await awaitLive(texts, reading, { hasChanges });
      const replaced = published.state === "live" ? [live, ...published.replaced] : [live];
      const images = namesOf(replaced);
      if (images.length === 0 && (published.state === "live" || published.state === "not-yet")) {
        return tell(event, { summary: "No image changed.", details: [] });
      }
      if (published.state !== "live") return tell(event, describeUnpublished(published, images));
      const { PURGE_DESK_URL: url = "", PURGE_DESK_TOKEN: token = "", SITE_NAME: site } = env;
      const { maxUnits, dryRun } = inputs;
      const id = deployId();
      const outcome = await purgeImages(() => purgeDesk({ url, token, fetch: reading.fetch }), images, {
        maxUnits,
        dryRun,
        key: `deploy-${id ?? crypto.randomUUID()}-${digestOf([...replaced, own])}`,
        onPlanned: (planned) => {
          for (const line of describePlanned(planned)) say(line);
        },
        reason: `Deploy${id === undefined ? "" : ` ${id}`}${site === undefined ? "" : ` of ${site}`}`,
      });
      tell(event, describeOutcome(outcome, { images, maxUnits, deskUrl: url }));
    }),
  };

  /** Undefined outside of Netlify's own builds, where Netlify gives every build the id 0. */
  function deployId(): string | undefined {
    const id = env["DEPLOY_ID"];
    return id === "" || id === "0" ? undefined : id;
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

/** A deploy that is built again compares with something else, and is another purge. */
function digestOf(manifests: readonly Manifest[]): string {
  const hash = createHash("sha256");
  for (const { text } of manifests) hash.update(text);
  return hash.digest("base64url").slice(0, 22);
}
