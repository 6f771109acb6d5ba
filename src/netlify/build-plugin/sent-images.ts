import type { Batch, Plan } from "../../client/client.ts";

/** The lines of a plan whose image these batches clear: every URL of it is purged, or has a wildcard that is. */
export function sentLines(batches: readonly Batch[], { lines }: Plan): ReadonlySet<number> {
  const purged = new Set(batches.flatMap(({ purges }) => purges.map(({ url }) => url)));
  const isPurged = (url: string) => purged.has(url) || wildcardsOf(url).some((each) => purged.has(each));
  const sent = lines.filter(
    (line) => line.verdict === "image" && line.targets.every(({ url }) => isPurged(url)),
  );
  return new Set(sent.map(({ line }) => line));
}

/** Every wildcard that clears this URL. */
function wildcardsOf(url: string): readonly string[] {
  return Array.from({ length: url.length + 1 }, (_, end) => `${url.slice(0, end)}*`);
}
