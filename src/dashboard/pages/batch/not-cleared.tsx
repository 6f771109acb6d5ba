import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { pluralize } from "../../shared/words.ts";
import { again } from "../../ui/again.ts";
import { isCleared, type Line, urlOfLine } from "../../ui/batch-lines.ts";
import { Callout } from "../../ui/callout.tsx";
import { can } from "../../ui/context.ts";
import { PurgeAgain } from "../../ui/purge-again.tsx";
import type { Viewer } from "../../ui/purge-status/viewer.ts";

/** Says how many lines were not cleared, and offers to send those on their own that may still be. */
export function NotCleared(props: {
  readonly lines: readonly Line[];
  readonly reason: string | undefined;
  readonly endpoints: readonly UrlEndpoint[];
  readonly viewer: Viewer;
}) {
  const { lines, reason, endpoints, viewer } = props;
  const failed = lines.filter((line) => isCleared(line) === false);
  if (failed.length === 0) return null;
  const refused = failed.filter(isRefusedItself);
  const { urls, units, withheld } = again(
    failed.filter((line) => !isRefusedItself(line)).map(urlOfLine),
    endpoints,
  );
  return (
    <Callout kind="warning" id="not-cleared">
      <p>
        <strong>
          {failed.length === 1 ? "1 line was not cleared." : `${failed.length} lines were not cleared.`}
        </strong>{" "}
        {refused.length === 0
          ? null
          : `${refusedWords(refused.length, failed.length)} and would probably refuse it again. `}
        {withheld === 0
          ? null
          : `${withheld === 1 ? "1 line has" : `${withheld} lines have`} a signature, or a URL that was not kept: paste ${withheld === 1 ? "that line" : "those lines"} anew. `}
      </p>
      {urls.length === 0 ? null : can(viewer.caller, "purge") ? (
        <PurgeAgain basePath={viewer.basePath} urls={urls} reason={reason}>
          {`Purge ${pluralize(urls.length, "line")} again for ${pluralize(units, "unit")}`}
        </PurgeAgain>
      ) : (
        <p>To purge {urls.length === 1 ? "it" : "them"} again, ask someone whose token may purge.</p>
      )}
    </Callout>
  );
}

function refusedWords(refused: number, all: number): string {
  if (refused === all) return all === 1 ? "ImageKit refused its URL" : "ImageKit refused the URL of each";
  return `ImageKit refused the URL of ${refused} of them`;
}

/** ImageKit refused this very URL, and not one that would have cleared it too. */
function isRefusedItself({ line, state }: Line): boolean {
  return state === "refused" && (line.verdict === "accepted" || line.verdict === "duplicate");
}
