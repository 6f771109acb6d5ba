import type { PlannedLine } from "./planned-line.ts";

/** For each line that joins a purge, or one of whose targets does: that purge; of several, the first. */
export function joinableIn(lines: readonly PlannedLine[]): ReadonlyMap<number, string> {
  return new Map(
    lines.flatMap((line) => {
      const purgeId = purgeJoinedBy(line);
      return purgeId === undefined ? [] : [[line.line, purgeId] as const];
    }),
  );
}

function purgeJoinedBy(line: PlannedLine): string | undefined {
  if (line.verdict === "joined") return line.purgeId;
  if (line.verdict !== "image") return undefined;
  for (const target of line.targets) if (target.verdict === "joined") return target.purgeId;
  return undefined;
}

/** How many purges the lines join. */
export function countJoined(lines: readonly PlannedLine[]): number {
  return targetsOf(lines).filter(({ verdict }) => verdict === "joined").length;
}

/** How many purges serve these lines, whether new or joined: a batch has a limit on them. */
export function countPurges(
  lines: readonly PlannedLine[],
  covers: readonly { readonly targets: readonly { readonly verdict: string }[] }[],
): number {
  const isPurge = ({ verdict }: { readonly verdict: string }) =>
    verdict === "accepted" || verdict === "joined";
  return [...targetsOf(lines), ...covers.flatMap(({ targets }) => targets)].filter(isPurge).length;
}

/** A line that names a URL is its own target. */
function targetsOf(lines: readonly PlannedLine[]): readonly { readonly verdict: string }[] {
  return lines.flatMap((line): readonly { readonly verdict: string }[] =>
    line.verdict === "image" ? line.targets : [line],
  );
}
