import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { pluralize } from "../shared/words.ts";
import { again } from "./again.ts";
import { can } from "./context.ts";
import { curlFor } from "./curl.ts";
import { PurgeAgain } from "./purge-again.tsx";
import type { Viewer } from "./purge-status/viewer.ts";
import { CopyButton } from "./support-mail.tsx";

/** What a reader may want to do with a request besides watching it: make it once more, here or from code. */
export function Reuse(props: {
  /** The URL of each line; undefined where it was not kept. */
  readonly lines: readonly (string | undefined)[];
  readonly reason: string | undefined;
  readonly endpoints: readonly UrlEndpoint[];
  /** The address of the API's submissions, with its origin. */
  readonly api: string;
  /** Whether everything has ended. Before that, a new request would share the purges, or pay twice. */
  readonly ended: boolean;
  readonly viewer: Viewer;
}) {
  const { lines, reason, endpoints, api, ended, viewer } = props;
  const { urls, units, withheld } = again(lines, endpoints);
  if (lines.length === 0) return null;
  return (
    <section class="reuse" id="reuse" aria-label="Use it again">
      {ended && urls.length > 0 && can(viewer.caller, "purge") ? (
        <PurgeAgain basePath={viewer.basePath} urls={urls} reason={reason}>
          {`Purge again for ${pluralize(units, "unit")}`}
        </PurgeAgain>
      ) : null}
      {withheld === 0 ? null : (
        <p class="quiet small">
          {withheld === 1 && lines.length === 1
            ? "The URL has a signature, which is not shown here or kept. To purge it again, paste it anew."
            : `Without ${pluralize(withheld, "line")} whose signature is not shown here or kept.`}
        </p>
      )}
      {urls.length === 0 ? null : (
        <details id="as-code">
          <summary>{urls.length === 1 ? "Show as curl" : "Show the URLs, and curl"}</summary>
          {urls.length === 1 ? null : (
            <>
              <pre id="all-urls" class="support-text" tabindex={0}>
                {urls.join("\n")}
              </pre>
              <p class="buttons">
                <CopyButton of="all-urls">{`Copy ${urls.length} URLs`}</CopyButton>
              </p>
            </>
          )}
          <pre id="curl" class="support-text" tabindex={0}>
            {curlFor(api, { urls, reason })}
          </pre>
          <p class="buttons">
            <CopyButton of="curl">Copy the command</CopyButton>
          </p>
          <p class="quiet small">
            For a POSIX shell, with a token of yours in PURGE_DESK_TOKEN. It makes a new request.
          </p>
        </details>
      )}
    </section>
  );
}
