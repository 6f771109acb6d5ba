import type { Plan } from "../../client/client.ts";

type SentBatch = { readonly purges: readonly { readonly url: string }[] };

/** The lines of a plan whose image these batches clear: every URL of it is purged, or has a wildcard that is. */
export function sentLines(
  batches: readonly SentBatch[],
  { lines }: Pick<Plan, "lines">,
): ReadonlySet<number> {
  const purged = new Set(batches.flatMap(({ purges }) => purges.map(({ url }) => url)));
  const isPurged = (url: string) => purged.has(url) || wildcardsOf(url).some((each) => purged.has(each));
  const sent = new Set<number>();
  for (const line of lines) {
    const isSent =
      line.verdict === "duplicate"
        ? sent.has(line.of)
        : line.verdict === "image" && line.targets.every(({ url }) => isPurged(url));
    if (isSent) sent.add(line.line);
  }
  return sent;
}

/** Every wildcard that clears what this URL or wildcard does. */
function wildcardsOf(target: string): readonly string[] {
  const { length } = target.replace(/\*$/, "");
  return Array.from({ length: length + 1 }, (_, end) => `${target.slice(0, end)}*`);
}
