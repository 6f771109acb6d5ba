import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { isImagePath } from "../shared/image-name.ts";
import { pluralize } from "../shared/words.ts";
import { again, type NameAgain } from "./again.ts";
import { can } from "./context.ts";
import { curlFor } from "./curl.ts";
import { PurgeAgain } from "./purge-again.tsx";
import type { Viewer } from "./purge-status/viewer.ts";
import { CopyButton } from "./support-mail.tsx";

/** What a reader may want to do with a request besides watching it: make it once more, here or from code. */
export function Reuse(props: {
  /** What the lines are called. */
  readonly names: readonly NameAgain[];
  /** What the images among them cost together. */
  readonly unitsOfImages?: number | undefined;
  readonly reason: string | undefined;
  readonly endpoints: readonly UrlEndpoint[];
  /** The address of the API's submissions, with its origin. */
  readonly api: string;
  /** Whether everything has ended. Before that, a new request would share the purges, or pay twice. */
  readonly ended: boolean;
  readonly viewer: Viewer;
}) {
  const { names: given, unitsOfImages, reason, endpoints, api, ended, viewer } = props;
  const { names, units, withheld } = again(given, endpoints, unitsOfImages);
  if (given.length === 0) return null;
  const images = names.filter(isImagePath);
  const urls = names.filter((name) => !isImagePath(name));
  const what = images.length === 0 ? "URLs" : urls.length === 0 ? "images" : "lines";
  return (
    <section class="reuse" id="reuse" aria-label="Use it again">
      {ended && names.length > 0 && can(viewer.caller, "purge") ? (
        <PurgeAgain basePath={viewer.basePath} names={names} reason={reason}>
          {`Purge again for ${pluralize(units, "unit")}`}
        </PurgeAgain>
      ) : null}
      {withheld === 0 ? null : (
        <p class="quiet small">
          {withheld === 1 && given.length === 1
            ? "The URL has a signature, which is not shown here or kept. To purge it again, paste it anew."
            : `Without ${pluralize(withheld, "line")} whose signature is not shown here or kept.`}
        </p>
      )}
      {names.length === 0 ? null : (
        <details id="as-code">
          <summary>{names.length === 1 ? "Show as curl" : `Show the ${what}, and curl`}</summary>
          {names.length === 1 ? null : (
            <>
              <pre id="all-urls" class="support-text" tabindex={0}>
                {names.join("\n")}
              </pre>
              <p class="buttons">
                <CopyButton of="all-urls">{`Copy ${names.length} ${what}`}</CopyButton>
              </p>
            </>
          )}
          <pre id="curl" class="support-text" tabindex={0}>
            {curlFor(api, {
              urls: urls.length === 0 ? undefined : urls,
              images: images.length === 0 ? undefined : images,
              reason,
            })}
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
