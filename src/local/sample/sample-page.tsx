import type { Child } from "hono/jsx";
import { linkTo } from "../../dashboard/ui/context.ts";
import { TargetUrl } from "../../dashboard/ui/target.tsx";
import { Time } from "../../dashboard/ui/time.tsx";
import { edgeLabels } from "../../domain/edge-words.ts";
import { type StagedEnd, stagedEnds } from "../imagekit/cdn/stage.ts";
import type { SampleImage } from "./sample-cdn.ts";
import { sampleEnds } from "./sample-ends.ts";

export const samplePath = "/sample";

/** Where a newcomer plays the shop: replaces an image, purges it, and sees what Purge Desk finds at the CDN. */
export function SamplePage(props: {
  readonly basePath: string;
  readonly url: string;
  readonly image: SampleImage;
  /** Why the purge was not submitted. */
  readonly refusal?: Child | undefined;
}) {
  const { url, image, refusal } = props;
  const action = linkTo(props, samplePath);
  const next = image.version + 1;
  const shown = image.copy?.version ?? image.version;
  const picture = (version: number) => `${action}/picture?version=${version}`;
  return (
    <article class="sample">
      <h1>Sample image</h1>
      <p class="lead">
        ImageKit and its CDN are simulated here. Play the shop: purge an image, and see what Purge Desk finds
        at the CDN some seconds later. Each purge costs one unit of the simulated budget.
      </p>
      {refusal}
      <p>
        <TargetUrl url={url} />
      </p>
      <div class="pictures">
        <figure>
          <img src={picture(image.version)} width="320" height="240" alt={`Version ${image.version}`} />
          <figcaption class="small">Uploaded: version {image.version}</figcaption>
        </figure>
        <figure>
          <img src={picture(shown)} width="320" height="240" alt={`Version ${shown}`} />
          <figcaption class="small">
            Served by the CDN: version {shown}
            {image.copy === null ? (
              ", newly made for the next visitor"
            ) : (
              <>
                , a copy made <Time at={image.copy.madeAt} show="age" />
              </>
            )}
          </figcaption>
        </figure>
      </div>
      <div class="halves">
        <form method="post" action={action} class="card stack">
          <h2>The right order</h2>
          <p>
            Uploads version {next}, then purges the URL. Ends as “{edgeLabels.fresh}”.
          </p>
          <button type="submit" class="primary" name="end" value="fresh">
            Replace the image
          </button>
        </form>
        <form method="post" action={action} class="card stack">
          <h2>The usual mistake</h2>
          <p>
            Purges the URL while version {image.version} is still the latest, as a hook does that runs too
            early. Ends as “{edgeLabels.unchanged}”.
          </p>
          <button type="submit" name="end" value="unchanged">
            Purge before the upload
          </button>
        </form>
      </div>
      <form method="post" action={action} class="card stack">
        <h2>Whatever else can happen</h2>
        <label>
          What the purge of another image ends in
          <select name="end">
            {others.map((end) => (
              <option value={end}>
                {edgeLabels[sampleEnds[end].outcome]}: {sampleEnds[end].because}
              </option>
            ))}
          </select>
        </label>
        <p class="quiet small">
          What cannot be decided at once is read again after one minute and after five, so some of them take
          that long.
        </p>
        <button type="submit">Purge it</button>
      </form>
    </article>
  );
}

const others: readonly StagedEnd[] = stagedEnds.filter((end) => end !== "fresh" && end !== "unchanged");
