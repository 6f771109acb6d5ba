import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { pluralize } from "../../shared/words.ts";
import { again, type NameAgain } from "../../ui/again.ts";
import { isCleared, type Line, namesOfLine } from "../../ui/batch-lines.ts";
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
  const mayUseWildcards = can(viewer.caller, "wildcard");
  const left = failed.filter((line) => !isRefusedItself(line)).map((line) => leftOf(line, mayUseWildcards));
  const { names, units, withheld } = again(
    left.flatMap((each) => each.names),
    endpoints,
    left.reduce((sum, { unitsOfImage }) => sum + unitsOfImage, 0),
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
      {names.length === 0 ? null : can(viewer.caller, "purge") ? (
        <PurgeAgain basePath={viewer.basePath} names={names} reason={reason}>
          {`Purge ${pluralize(names.length, "line")} again for ${pluralize(units, "unit")}`}
        </PurgeAgain>
      ) : (
        <p>To purge {names.length === 1 ? "it" : "them"} again, ask someone whose token may purge.</p>
      )}
    </Callout>
  );
}

/**
 * What of a line may still be cleared. Of an image, only the URLs that were not, each as a URL of its own; most are
 * wildcards, so without that scope it is the whole image.
 */
function leftOf(
  of: Line,
  mayUseWildcards: boolean,
): { readonly names: readonly NameAgain[]; readonly unitsOfImage: number } {
  const { line, served } = of;
  if (line.verdict !== "image") return { names: namesOfLine(of), unitsOfImage: 0 };
  if (!mayUseWildcards) return { names: namesOfLine(of), unitsOfImage: line.purgeIds.length };
  const left = served.filter(({ purge: { state } }) => state !== "completed" && state !== "refused");
  return { names: left.map(({ purge }) => purge.url), unitsOfImage: 0 };
}

function refusedWords(refused: number, all: number): string {
  if (refused === all) return all === 1 ? "ImageKit refused its URL" : "ImageKit refused the URL of each";
  return `ImageKit refused the URL of ${refused} of them`;
}

/** ImageKit refused this very URL, or those of this image that are left, and not one that would have cleared it too. */
function isRefusedItself({ line, state, served }: Line): boolean {
  if (line.verdict === "image") {
    const left = served.filter(({ purge }) => purge.state !== "completed");
    return left.every(({ purge }) => purge.state === "refused");
  }
  return state === "refused" && (line.verdict === "accepted" || line.verdict === "duplicate");
}
