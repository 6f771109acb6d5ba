import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { linkTo } from "../../ui/context.ts";
import { TargetUrl } from "../../ui/target.tsx";

/** Explains what a line can be, until there are lines. */
export function RequestGuide({
  basePath,
  endpoints,
  mayUseWildcards,
  isHidden,
}: {
  readonly basePath: string;
  readonly endpoints: readonly UrlEndpoint[];
  readonly mayUseWildcards: boolean;
  readonly isHidden: boolean;
}) {
  const [{ host, path } = { host: "", path: "" }] = endpoints;
  const base = `https://${host}${path}`;
  return (
    <section class="guide" aria-labelledby="request-guide" data-guide hidden={isHidden}>
      <h2 id="request-guide">What a line clears</h2>
      <dl>
        <dt>
          <TargetUrl url="/shoes/red.jpg" />
        </dt>
        <dd>
          The image, under every URL that your pages use for it: as{" "}
          <a href={linkTo({ basePath }, "/profiles")}>its profile</a> says.
        </dd>
        <dt>
          <TargetUrl url={`${base}/shoes/red.jpg`} />
        </dt>
        <dd>Exactly this URL.</dd>
        {mayUseWildcards ? (
          <>
            <dt>
              <TargetUrl url={`${base}/shoes/red.jpg*`} />
            </dt>
            <dd>The original, its versions and its query transformations (?tr=…).</dd>
          </>
        ) : (
          <>
            <dt>
              <TargetUrl url={`${base}/shoes/red.jpg?tr=w-400`} />
            </dt>
            <dd>One query transformation.</dd>
          </>
        )}
        <dt>
          <TargetUrl url={`${base}/tr:w-400/shoes/red.jpg`} />
        </dt>
        <dd>One path transformation: each needs a line of its own, unless you name the image.</dd>
        {mayUseWildcards ? (
          <>
            <dt>
              <TargetUrl url={`${base}/shoes/autumn/*`} />
            </dt>
            <dd>Everything in a folder.</dd>
          </>
        ) : null}
      </dl>
      <p class="hint">
        Each target costs one unit of the monthly budget. A line is free if it repeats another
        {mayUseWildcards ? ", is covered by a wildcard" : ""} or is already in flight.
        {mayUseWildcards ? "" : " An admin can clear a whole folder."}
      </p>
    </section>
  );
}
