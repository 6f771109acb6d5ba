import type { Purge } from "../../domain/purge.ts";
import { isStale, staleSupport } from "../../http/answers/support-text.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { pluralize } from "../shared/words.ts";
import { again } from "./again.ts";
import { Callout } from "./callout.tsx";
import { can } from "./context.ts";
import { PurgeAgain } from "./purge-again.tsx";
import type { Viewer } from "./purge-status/viewer.ts";
import { SupportMail } from "./support-mail.tsx";

/** Says for which purges the old copy is still served, and offers both ways on: to purge again, and ImageKit's support. */
export function StillStale(props: {
  readonly purges: readonly Purge[];
  readonly reason: string | undefined;
  readonly endpoints: readonly UrlEndpoint[];
  readonly viewer: Viewer;
}) {
  const { purges, reason, endpoints, viewer } = props;
  const stale = purges.filter(isStale);
  if (stale.length === 0) return null;
  const { names, units } = again(
    stale.map(({ url }) => url),
    endpoints,
  );
  return (
    <Callout kind="alarm" id="still-stale">
      <p>
        <strong>
          {stale.length === 1
            ? "The old copy is still served."
            : `The old copies of ${stale.length} URLs are still served.`}
        </strong>{" "}
        ImageKit reported Completed, but the CDN has not dropped {stale.length === 1 ? "it" : "them"}.
      </p>
      {can(viewer.caller, "purge") ? (
        <PurgeAgain basePath={viewer.basePath} names={names} reason={reason}>
          {`Purge ${stale.length === 1 ? "it" : "them"} again for ${pluralize(units, "unit")}`}
        </PurgeAgain>
      ) : (
        <p>To purge {stale.length === 1 ? "it" : "them"} again, ask someone whose token may purge.</p>
      )}
      <details id="stale-support">
        <summary>Or ask ImageKit’s support, with what was seen</summary>
        <SupportMail id="stale-text" support={staleSupport(stale)} />
      </details>
    </Callout>
  );
}
