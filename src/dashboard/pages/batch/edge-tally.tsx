import { edgeLabels, type ToldOutcome } from "../../../domain/edge-words.ts";
import type { Line } from "../../ui/batch-lines.ts";
import { seenOf, worstFirst } from "../../ui/edge-mark.tsx";

/** What the CDN was seen to serve after the purges of a batch, as counts that lead to the first such line. */
export function EdgeTally({ lines }: { readonly lines: readonly Line[] }) {
  const seen = countSeen(lines);
  if (seen.length === 0) return null;
  return (
    <p class="edge-tally" id="edge-tally">
      <span class="quiet">Seen at the CDN: </span>
      {seen.map(({ outcome, count, first }, index) => (
        <>
          {index === 0 ? "" : ", "}
          <a href={`#line-${first}`}>
            {count} {(count === 1 ? edgeLabels : ofSeveral)[outcome].toLowerCase()}
          </a>
        </>
      ))}
    </p>
  );
}

/** What `edgeLabels` says, of several. */
const ofSeveral: Readonly<Record<ToldOutcome, string>> = {
  waiting: "Not checked yet",
  fresh: "New images served",
  unchanged: "Same images as before",
  renewed: "New copies served",
  stale: "Old copies still served",
  "was-stale": "Old copies were still served",
  gone: "Images are gone",
  unreadable: "Could not be checked",
};

/** The number of purges with each outcome, worst first, and the number of the first line that such a purge serves. */
function countSeen(
  lines: readonly Line[],
): readonly { readonly outcome: ToldOutcome; readonly count: number; readonly first: number }[] {
  const firstLines = new Map<string, { readonly outcome: ToldOutcome; readonly line: number }>();
  for (const { line, served } of lines) {
    if (line.verdict === "covered") continue;
    for (const { purge } of served) {
      const outcome = seenOf(purge)?.outcome;
      if (outcome !== undefined && !firstLines.has(purge.id)) {
        firstLines.set(purge.id, { outcome, line: line.line });
      }
    }
  }
  const all = [...firstLines.values()];
  return worstFirst.flatMap((outcome) => {
    const those = all.filter((each) => each.outcome === outcome);
    const [first] = those;
    return first === undefined ? [] : [{ outcome, count: those.length, first: first.line }];
  });
}
